// A slider over the days on which something became known. The page works without it: a date, and links to the days
// before and after.
(function () {
  'use strict';
  var MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];

  function words(day) {
    var parts = day.split('-');
    return Number(parts[2]) + ' ' + MONTHS[Number(parts[1]) - 1] + ' ' + parts[0];
  }

  document.querySelectorAll('[data-known-on]').forEach(function (form) {
    var days = form.dataset.days.split(' ').filter(Boolean);
    if (days.length < 2) { return; }
    days.push('');
    var now = days.indexOf(form.dataset.now || '');
    if (now === -1) {
      now = 0;
      while (now + 1 < days.length - 1 && days[now + 1] <= form.dataset.now) { now += 1; }
    }
    var box = document.createElement('div');
    box.className = 'gt-known__slider';
    var label = document.createElement('label');
    label.className = 'govuk-label';
    label.textContent = 'Turn back what was known';
    label.htmlFor = 'known-on-slider';
    var slider = document.createElement('input');
    slider.type = 'range';
    slider.id = 'known-on-slider';
    slider.min = 0;
    slider.max = days.length - 1;
    slider.value = now;
    var shown = document.createElement('output');
    shown.htmlFor = 'known-on-slider';
    function say() {
      var day = days[Number(slider.value)];
      var text = day ? words(day) : 'now';
      shown.textContent = text;
      slider.setAttribute('aria-valuetext', text);
    }
    slider.addEventListener('input', say);
    slider.addEventListener('change', function () {
      var day = days[Number(slider.value)];
      var period = form.querySelector('[name=period]').value;
      window.location.href = '?period=' + encodeURIComponent(period) + (day ? '&known_on=' + day : '') + '#thread';
    });
    say();
    box.append(label, slider, shown);
    form.prepend(box);
  });
})();
