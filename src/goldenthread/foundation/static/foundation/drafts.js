// Keeps what is typed in a form: every few seconds while it changes, and on leaving a field. Works on forms with
// data-draft (the form's key) and data-draft-save (where to send it). Without this script the form has a button
// "Save and come back later" that does the same.
(function () {
  'use strict';

  var EVERY = 5000;
  var NEVER = ['csrfmiddlewaretoken', 'password', 'password1', 'password2', 'oldpassword', 'code'];

  function fieldsOf(form) {
    var fields = {};
    new FormData(form).forEach(function (value, name) {
      if (typeof value !== 'string' || NEVER.indexOf(name) !== -1) { return; }
      if (!(name in fields)) { fields[name] = value; }
      else if (Array.isArray(fields[name])) { fields[name].push(value); }
      else { fields[name] = [fields[name], value]; }
    });
    return fields;
  }

  function start(form) {
    var status = form.querySelector('[data-draft-status]');
    if (!status) {
      status = document.createElement('p');
      status.className = 'govuk-hint gt-draft-status';
      status.setAttribute('role', 'status');
      form.appendChild(status);
    }
    var savedAs = JSON.stringify(fieldsOf(form));
    var lastSaved = '';
    var sending = false;
    var stopped = false;

    function say(words, link) {
      if (status.textContent === words) { return; }
      status.textContent = words;
      if (link) {
        var anchor = document.createElement('a');
        anchor.className = 'govuk-link';
        anchor.href = form.dataset.draftSignIn || '/accounts/sign-in/';
        anchor.target = '_blank';
        anchor.rel = 'noopener';
        anchor.textContent = link;
        status.appendChild(document.createTextNode(' '));
        status.appendChild(anchor);
      }
    }

    function signedOut() {
      var kept = lastSaved ? 'What you had typed by ' + lastSaved + ' is safe.' : 'Nothing you typed has been sent yet.';
      say('You have been signed out. ' + kept + ' Leave this page open,', 'sign in again in a new tab');
      status.appendChild(document.createTextNode(', then carry on here.'));
    }

    function token() {
      // After signing in again in another tab the cookie holds the token that counts.
      var found = document.cookie.match(/(?:^|; )(?:__Host-)?gt_csrf=([^;]+)/);
      if (found) { return decodeURIComponent(found[1]); }
      var field = form.querySelector('[name=csrfmiddlewaretoken]');
      return field ? field.value : '';
    }

    function save(leaving) {
      var fields = fieldsOf(form);
      var now = JSON.stringify(fields);
      if (stopped || sending || now === savedAs) { return; }
      sending = true;
      fetch(form.dataset.draftSave, {
        method: 'POST',
        credentials: 'same-origin',
        keepalive: Boolean(leaving) && now.length < 60000,
        headers: { 'Content-Type': 'application/json', 'Accept': 'application/json', 'X-CSRFToken': token() },
        body: JSON.stringify({ key: form.dataset.draft, version: form.dataset.draftVersion || null, fields: fields })
      }).then(function (answer) {
        if (answer.status === 401) { signedOut(); return null; }
        return answer.json().then(function (said) {
          if (answer.ok) {
            savedAs = now;
            lastSaved = said.saved;
            say('Saved ' + said.saved);
          } else if (answer.status === 403) {
            signedOut();
          } else {
            say('Not saved: ' + said.message);
          }
        });
      }).catch(function () {
        say('Not saved: the service cannot be reached. ' +
          (lastSaved ? 'What you had typed by ' + lastSaved + ' is safe. ' : '') + 'We will keep trying.');
      }).then(function () { sending = false; });
    }

    form.addEventListener('focusout', function () { save(false); });
    form.addEventListener('submit', function () { stopped = true; });
    document.addEventListener('visibilitychange', function () {
      if (document.visibilityState === 'hidden') { save(true); }
    });
    // The page may come back from the browser's memory after it was sent.
    window.addEventListener('pageshow', function () { stopped = false; });
    window.setInterval(function () { save(false); }, EVERY);
  }

  document.querySelectorAll('form[data-draft]').forEach(start);
}());
