/** The whole look of a report: no font, image or script is loaded. Colours never carry a meaning alone. */
export const REPORT_STYLE = `
:root {
  color-scheme: light dark;
  --page: #f4f5f7; --sheet: #ffffff; --ink: #1c2430; --soft: #566273; --line: #d8dde4; --head: #eef1f5;
  --good: #0b6b3a; --good-bg: #e2f4e9; --warning: #8a4b00; --warning-bg: #fdf0dc;
  --bad: #a5141f; --bad-bg: #fde6e7; --unknown: #46525f; --unknown-bg: #e9edf2; --link: #0b57a4;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #10141a; --sheet: #171c24; --ink: #e3e8ef; --soft: #9aa7b8; --line: #2c3542; --head: #1f2631;
    --good: #7ddba3; --good-bg: #12301f; --warning: #f5b862; --warning-bg: #38270c;
    --bad: #ff9a9f; --bad-bg: #40161a; --unknown: #b4c0ce; --unknown-bg: #252d38; --link: #7fb8ff;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--page); color: var(--ink); font: 16px/1.55 system-ui, 'Segoe UI', Roboto, 'Noto Sans', sans-serif; }
main { max-width: 68rem; margin: 0 auto; padding: 2rem 2.5rem 3rem; background: var(--sheet); }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .75rem; overflow-wrap: anywhere; }
h2 { font-size: 1.2rem; margin: 2.5rem 0 .75rem; padding-top: 1rem; border-top: 1px solid var(--line); }
p { margin: .6rem 0; max-width: 48rem; overflow-wrap: anywhere; }
.meta { color: var(--soft); font-size: .9rem; }
.class { display: inline-block; font-weight: 650; padding: .35rem .75rem; border-radius: .4rem; border: 1px solid currentColor; }
.good { color: var(--good); background: var(--good-bg); }
.warning { color: var(--warning); background: var(--warning-bg); }
.bad { color: var(--bad); background: var(--bad-bg); }
.unknown { color: var(--unknown); background: var(--unknown-bg); }
.tone { display: inline-block; font-weight: 600; font-size: .85em; padding: .05rem .45rem; border-radius: .3rem; overflow-wrap: normal; }
.fixed { font-family: ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace; font-size: .85em; overflow-wrap: anywhere; }
nav { margin: 1.25rem 0 0; font-size: .9rem; line-height: 1.9; }
nav a { color: var(--link); text-decoration: none; margin-right: 1rem; white-space: nowrap; }
nav a:hover, nav a:focus { text-decoration: underline; }
dl { margin: .75rem 0; display: grid; grid-template-columns: minmax(9rem, 14rem) 1fr; border-top: 1px solid var(--line); }
dt, dd { margin: 0; padding: .5rem .75rem .5rem 0; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
dt { color: var(--soft); font-weight: 600; }
#summary dl { grid-template-columns: 9rem 1fr; }
.note { border-left: .3rem solid currentColor; padding: .6rem .9rem; margin: .9rem 0; border-radius: 0 .4rem .4rem 0; }
.note p { margin: 0; color: var(--ink); }
.note strong { display: block; }
table { width: 100%; border-collapse: collapse; margin: .9rem 0; font-size: .93rem; }
th { text-align: left; background: var(--head); color: var(--soft); font-size: .82rem; font-weight: 650; white-space: nowrap; }
th, td { padding: .5rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top; overflow-wrap: anywhere; }
ul, ol { margin: .6rem 0; padding-left: 1.4rem; max-width: 48rem; }
li { margin: .3rem 0; overflow-wrap: anywhere; }
@media (max-width: 46rem) {
  main { padding: 1.1rem 1rem 2rem; }
  h1 { font-size: 1.3rem; }
  dl, #summary dl { display: block; }
  dt { border-bottom: 0; padding-bottom: 0; }
  dd { padding-top: .1rem; }
  thead { position: absolute; left: -9999px; }
  tr { display: block; border: 1px solid var(--line); border-radius: .4rem; margin: .6rem 0; padding: .3rem .7rem; }
  tbody, table { display: block; }
  td { display: grid; grid-template-columns: 6.5rem minmax(0, 1fr); gap: .6rem; align-items: baseline; border: 0; padding: .2rem 0; }
  td > .tone { justify-self: start; }
  td::before { content: attr(data-label); color: var(--soft); font-size: .78rem; font-weight: 650; overflow-wrap: normal; }
}
@media print {
  :root { --page: #fff; --sheet: #fff; --ink: #000; --soft: #444; --line: #bbb; --head: #eee; }
  @page { margin: 16mm 14mm; }
  body { font-size: 10.5pt; }
  main { max-width: none; padding: 0; }
  nav { display: none; }
  h2 { break-after: avoid; margin-top: 1.4rem; }
  tr, .note, dl > * { break-inside: avoid; }
  thead { display: table-header-group; }
  .tone, .class { border: 1px solid #888; -webkit-print-color-adjust: exact; print-color-adjust: exact; }
}
`;
