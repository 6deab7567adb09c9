/// An image that gnuplot drew, made fit to stand alone or inside a page.
struct SVGDrawing {
  /// The image as a file, with what it shows in words.
  let file: String

  init(_ text: String, of image: Chart.Image) {
    var text = text
    // gnuplot names every image after itself.
    for (tag, words) in [("title", image.caption), ("desc", image.alternative)] {
      guard let start = text.firstRange(of: "<\(tag)>"),
        let end = text[start.upperBound...].firstRange(of: "</\(tag)>")
      else { continue }
      text.replaceSubrange(start.upperBound..<end.lowerBound, with: Self.escaped(words))
    }
    file = text
  }

  /// The image for a page that has several: without a prolog, its ids its own, its ink the page's.
  static func inline(_ file: String, number: Int, alternative: String) -> String {
    guard let start = file.firstRange(of: "<svg") else { return "" }
    var text = String(file[start.lowerBound...])
    let name = "c\(number)-"
    for (old, new) in [
      ("id='", "id='\(name)"), ("id=\"", "id=\"\(name)"), ("href='#", "href='#\(name)"),
      ("href=\"#", "href=\"#\(name)"), ("url(#", "url(#\(name)"),
      ("rgb(119, 119, 119)", "currentColor"),
      ("rgb(119,119,119)", "currentColor"), ("fill=\"none\" color=\"black\"", "fill=\"none\""),
      ("fill=\"none\" color=\"white\"", "fill=\"none\""),
      ("fill=\"none\" color=\"gray\"", "fill=\"none\""),
    ] { text = text.replacing(old, with: new) }
    let label = " role=\"img\" aria-label=\"\(escaped(alternative))\""
    text = text.replacing("<svg", with: "<svg\(label)", maxReplacements: 1)
    // The title would be shown as a tip that says less than the caption below.
    guard let title = text.firstRange(of: "<title>"), let end = text.firstRange(of: "</desc>"),
      title.lowerBound < end.lowerBound
    else { return text }
    return String(text[..<title.lowerBound]) + String(text[end.upperBound...])
  }

  /// A text as XML and HTML hold it, in content and in attributes.
  static func escaped(_ text: String) -> String {
    var result = ""
    for character in text.unicodeScalars {
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      case "\t", "\n", "\r": result += " "
      // Other control characters do not exist in XML.
      case _ where character.value < 0x20: continue
      default: result.unicodeScalars.append(character)
      }
    }
    return result
  }
}
