internal import SyncerSimulation

/// The look of a page: light and dark, on a phone, on paper.
enum ReportPageStyle {
  static let text = """
    :root { color-scheme: light dark; --ink: #1b1f24; --soft: #5b636d; --paper: #ffffff;
      --line: #d9dde2; --panel: #f6f7f9; --bad: #c2410c; --good: #14618f; }
    @media (prefers-color-scheme: dark) {
      :root { --ink: #e6e8eb; --soft: #a2abb5; --paper: #14171a; --line: #363c43;
        --panel: #1c2024; --bad: #ff8a5c; --good: #6cbcf0; } }
    * { box-sizing: border-box; }
    body { margin: 0 auto; max-width: 84rem; padding: 1.25rem; background: var(--paper);
      color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
    h1 { font-size: 1.6rem; margin: 0 0 .25rem; line-height: 1.2; }
    h2 { font-size: 1.3rem; margin: 2.25rem 0 .25rem; padding-top: 1rem;
      border-top: 1px solid var(--line); }
    h3 { font-size: 1.05rem; margin: 1.5rem 0 .25rem; }
    p, nav { margin: .25rem 0 .75rem; max-width: 70ch; }
    .hint { display: none; }
    .hint.wide { display: block; }
    code { font-weight: 400; font-size: .85em; color: var(--soft); }
    a { color: var(--good); }
    .soft, figcaption { color: var(--soft); font-size: .9rem; }
    .cards { display: grid; gap: .75rem; margin: 1rem 0;
      grid-template-columns: repeat(auto-fit, minmax(min(100%, 13rem), 1fr)); }
    .card { background: var(--panel); border: 1px solid var(--line); border-radius: .5rem;
      border-left: .35rem solid var(--good); padding: .6rem .8rem; }
    .card.bad { border-left-color: var(--bad); }
    .card b { display: block; font-size: 1.7rem; line-height: 1.2; }
    .card.bad b, .bad .verdict { color: var(--bad); }
    .good .verdict { color: var(--good); }
    .verdict { font-weight: 600; }
    .panels { display: grid; gap: .75rem; margin: .75rem 0;
      grid-template-columns: repeat(auto-fit, minmax(min(100%, 22rem), 1fr)); }
    figure { margin: 0; padding: .4rem .6rem .6rem; background: var(--panel); min-width: 0;
      border: 1px solid var(--line); border-radius: .5rem; max-width: 46rem; }
    figure svg { display: block; width: 100%; height: auto; color: var(--soft); }
    .table { overflow-x: auto; max-width: 100%; }
    table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
    th, td { padding: .3rem .7rem; border-bottom: 1px solid var(--line); text-align: right;
      white-space: nowrap; }
    th[scope=row] { text-align: left; font-weight: 400; position: sticky; left: 0;
      background: var(--paper); }
    th abbr { text-decoration: underline dotted; text-underline-offset: .2em; cursor: help; }
    td.best { font-weight: 700; color: var(--good); }
    td small { color: var(--soft); font-weight: 400; }
    pre { background: var(--panel); border: 1px solid var(--line); border-radius: .4rem;
      padding: .6rem .8rem; overflow-x: auto; white-space: pre-wrap; }
    dt { font-weight: 600; }
    dd { margin: 0 0 .5rem; }
    dl { columns: 24rem; column-gap: 2rem; }
    dl div { break-inside: avoid; }
    footer { margin-top: 2rem; border-top: 1px solid var(--line); padding-top: .75rem; }
    @media (max-width: 30rem) { body { padding: .75rem; } .hint { display: block; } th, td { padding: .3rem .45rem; }
      th[scope=row] { font-size: .8rem; } }
    @media print {
      :root { --ink: #000; --soft: #444; --paper: #fff; --line: #bbb; --panel: #fff;
        --bad: #b03a08; --good: #14618f; }
      @page { margin: 15mm; }
      html { font-size: 9.5pt; }
      body { max-width: none; padding: 0; }
      h2 { break-before: page; border: 0; padding-top: 0; margin-top: 0; }
      h2.first { break-before: auto; margin-top: 1.5rem; }
      h2, h3, h3 + p { break-after: avoid; }
      figure, .card, tr, dl div { break-inside: avoid; }
      .panels { grid-template-columns: repeat(2, 1fr); }
      .table { overflow: visible; }
      table { font-size: 7.5pt; }
      th, td { padding: .15rem .35rem; white-space: normal; }
      a { color: inherit; text-decoration: none; }
    }
    """
}
