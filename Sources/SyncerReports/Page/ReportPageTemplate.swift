internal import SyncerSimulation

/// The page in the language of Mustache: two braces escape what they show, three show it as it is.
///
/// It is compiled in, so that an installed co3sim needs no file beside it.
enum ReportPageTemplate {
  static let text = """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta http-equiv="Content-Security-Policy"
      content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
    <meta name="generator" content="co3sim {{version}}">
    <link rel="icon" href="data:,">
    <title>{{title}} – co3sim</title>
    <style>
    {{{style}}}
    </style>
    </head>
    <body>
    <header>
    <h1>Chunk schedulers side by side</h1>
    <p class="soft">Chunks of a sync should take a desired time. How well each scheduler keeps to
    it, on the same items, in virtual time.</p>
    {{#hasContents}}
    <nav aria-label="Scenarios"><ul>
    {{#sections}}
    <li><a href="#{{anchor}}">{{name}}</a>{{#verdict}}: {{verdict}}{{/verdict}}</li>
    {{/sections}}
    </ul></nav>
    {{/hasContents}}
    </header>
    <main>
    {{#sections}}
    <section aria-labelledby="{{anchor}}">
    <h2 id="{{anchor}}"{{#isFirst}} class="first"{{/isFirst}}>{{name}}</h2>
    <p>{{#summary}}{{summary}}. {{/summary}}<span class="soft">{{facts}}</span></p>
    <div class="cards">
    {{#cards}}
    <div class="card {{kind}}"><span>{{scheduler}}</span><b>{{lead}}</b>
    <span class="soft">{{figures}}</span><br><span class="verdict">{{outcome}}</span></div>
    {{/cards}}
    </div>
    {{#sentences}}
    <p>{{.}}</p>
    {{/sentences}}
    {{#notice}}
    <p class="soft">{{notice}}</p>
    {{/notice}}
    {{#firstChart}}
    {{> chart}}
    {{/firstChart}}
    <h3>Figures</h3>
    <p class="soft">{{tableNote}}</p>
    {{#hint}}
    <p class="soft {{hint}}">The table is wider than the screen: it scrolls sideways →</p>
    {{/hint}}
    <div class="table" tabindex="0" role="region" aria-labelledby="{{anchor}}"><table>
    <thead><tr><th scope="row">metric</th>{{#columns}}<th scope="col">{{.}}</th>{{/columns}}</tr>
    </thead>
    <tbody>
    {{#rows}}
    <tr><th scope="row"><abbr title="{{meaning}}" data-metric="{{key}}">{{metric}}</abbr></th>{{#cells}}{{{cell}}}{{/cells}}
    </tr>
    {{/rows}}
    </tbody>
    </table></div>
    {{#charts}}
    {{> chart}}
    {{/charts}}
    <p class="soft">The data behind it:
    {{#files}}<a href="{{address}}">{{name}}</a> {{/files}}</p>
    </section>
    {{/sections}}
    </main>
    <section>
    <h2>What the figures mean</h2>
    <dl>
    {{#meanings}}
    <div><dt>{{metric}} <code>{{key}}</code></dt><dd>{{meaning}}</dd></div>
    {{/meanings}}
    </dl>
    </section>
    <footer>
    <p>Made by co3sim {{version}}; the same command makes the same page, byte for byte:</p>
    <pre>{{command}}</pre>
    </footer>
    </body>
    </html>

    """

  static let chart = """
    <h3>{{heading}}</h3>
    <p class="soft">{{explanation}}</p>
    <div class="panels">
    {{#figures}}
    <figure>{{{drawing}}}<figcaption>{{caption}}</figcaption></figure>
    {{/figures}}
    </div>

    """
}
