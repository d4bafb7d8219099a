// Builds the committed styles and scripts from npm packages. Run by `make assets`; see package.json for versions.
//
// GOV.UK Frontend is compiled alone: MoJ Frontend's Sass clashes with a configured GOV.UK build, so its finished
// stylesheet is taken with two replacements, its font and the place of its images.
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { compile } from "sass";

const packages = "node_modules";
const out = "src/goldenthread/web/static";
const style = { style: "compressed", loadPaths: [packages], quietDeps: true };

const fresh = (folder) => {
  rmSync(join(out, folder), { recursive: true, force: true });
  mkdirSync(join(out, folder, "images"), { recursive: true });
};
const withImages = (css, folder, from) => {
  for (const [, image] of css.matchAll(/url\("?images\/([^)"]+)"?\)/g)) {
    copyFileSync(join(from, image), join(out, folder, "images", image));
  }
  return css;
};
const withoutMap = (script) => script.replace(/\n?\/\/# sourceMappingURL=.*\n?$/, "\n");

fresh("govuk");
const govuk = compile("assets/govuk.scss", style).css.replace(/[\w-]+:[^;{}]*govuk-crest\.svg[^;{}]*;?/g, "");
writeFileSync(
  join(out, "govuk/govuk-frontend.min.css"),
  withImages(govuk, "govuk", join(packages, "govuk-frontend/dist/govuk/assets/images")) + "\n",
);
writeFileSync(
  join(out, "govuk/govuk-frontend.min.js"),
  withoutMap(readFileSync(join(packages, "govuk-frontend/dist/govuk/govuk-frontend.min.js"), "utf8")),
);

fresh("moj");
const moj = join(packages, "@ministryofjustice/frontend/moj");
const mojStyle = readFileSync(join(moj, "moj-frontend.min.css"), "utf8")
  .replace(/\n?\/\*# sourceMappingURL=.*\*\/\n?$/, "\n")
  .replaceAll("GDS Transport,arial", "Arial")
  .replaceAll("/assets/images/", "images/");
writeFileSync(join(out, "moj/moj-frontend.min.css"), withImages(mojStyle, "moj", join(moj, "assets/images")));
writeFileSync(
  join(out, "moj/moj-frontend.min.js"),
  withoutMap(readFileSync(join(moj, "moj-frontend.min.js"), "utf8")),
);

mkdirSync(join(out, "goldenthread"), { recursive: true });
writeFileSync(join(out, "goldenthread/goldenthread.css"), compile("assets/goldenthread.scss", style).css + "\n");

mkdirSync("tests/browser/vendored", { recursive: true });
copyFileSync(join(packages, "axe-core/axe.min.js"), "tests/browser/vendored/axe.min.js");
console.log("Built into", out);
