// Tells the styles that scripts work, then starts the GOV.UK components. Pages work without it.
import { initAll } from "../govuk/govuk-frontend.min.js";

document.body.classList.add("js-enabled", "govuk-frontend-supported");
initAll();
