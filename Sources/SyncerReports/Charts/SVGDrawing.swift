internal import Foundation
internal import SyncerSimulation

/// An image that gnuplot drew, made fit to stand alone or inside a page.
struct SVGDrawing {
  /// The image as a file, with what it shows in words.
  let file: String

  init(_ text: String, of image: Chart.Image) {
    var data = Data(text.utf8)
    if let end = data.range(of: Data("?>".utf8)) {
      data.insert(contentsOf: "\n\(ReportFile.drawingMark)".utf8, at: end.upperBound)
    }
    // gnuplot names every image after itself.
    for (tag, words) in [("title", image.caption), ("desc", image.alternative)] {
      guard let start = data.range(of: Data("<\(tag)>".utf8)),
        let end = data.range(
          of: Data("</\(tag)>".utf8), in: start.upperBound..<data.endIndex)
      else { continue }
      data.replaceSubrange(
        start.upperBound..<end.lowerBound, with: Self.escaped(words).utf8)
    }
    Self.removePlotTitles(from: &data)
    file = String(decoding: data, as: UTF8.self)
  }

  /// Removes all titles but the image's: gnuplot calls a plot by the expression it draws, which a browser
  /// shows as a tip.
  private static func removePlotTitles(from data: inout Data) {
    guard let first = data.range(of: Data("</title>".utf8)) else { return }
    var place = first.upperBound
    while let start = data.range(of: Data("<title>".utf8), in: place..<data.endIndex),
      let end = data.range(of: Data("</title>".utf8), in: start.upperBound..<data.endIndex)
    {
      data.removeSubrange(start.lowerBound..<end.upperBound)
      place = start.lowerBound
    }
  }

  /// The image for a page that has several: without a prolog, its ids its own, its ink the page's.
  static func inline(_ file: String, number: Int, alternative: String) -> String {
    var data = Data(file.utf8)
    guard let start = data.range(of: Data("<svg".utf8)) else { return "" }
    data.removeSubrange(..<start.lowerBound)
    // The title would be shown as a tip that says less than the caption below.
    if let title = data.range(of: Data("<title>".utf8)),
      let end = data.range(of: Data("</desc>".utf8)), title.lowerBound < end.lowerBound
    {
      data.removeSubrange(title.lowerBound..<end.upperBound)
    }
    let label = " role=\"img\" aria-label=\"\(escaped(alternative))\""
    let text = inTags(of: data) { tag in
      replacements.reduce(tag) { tag, change in
        tag.replacing(change.old, with: change.new.replacing("#NUMBER#", with: "c\(number)-"))
      }
    }
    return "<svg" + label + String(decoding: text.utf8.dropFirst(4), as: UTF8.self)
  }

  private static let replacements: [(old: String, new: String)] = [
    ("id='", "id='#NUMBER#"), ("id=\"", "id=\"#NUMBER#"), ("href='#", "href='##NUMBER#"),
    ("href=\"#", "href=\"##NUMBER#"), ("url(#", "url(##NUMBER#"),
    ("rgb(119, 119, 119)", "currentColor"),
    ("rgb(119,119,119)", "currentColor"), ("fill=\"none\" color=\"black\"", "fill=\"none\""),
    ("fill=\"none\" color=\"white\"", "fill=\"none\""),
    ("fill=\"none\" color=\"gray\"", "fill=\"none\""),
  ]

  /// Changes what stands between angle brackets, and not the texts, which are of others.
  private static func inTags(of data: Data, _ change: (String) -> String) -> String {
    var result = ""
    for (number, part) in data.split(
      separator: UInt8(ascii: "<"), omittingEmptySubsequences: false
    ).enumerated() {
      let end =
        number == 0 ? part.startIndex : part.firstIndex(of: UInt8(ascii: ">")) ?? part.endIndex
      if number > 0 { result += "<" + change(String(decoding: part[..<end], as: UTF8.self)) }
      result += String(decoding: part[end...], as: UTF8.self)
    }
    return result
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
      // Other control characters and what is no character do not exist in XML.
      case _ where character.value < 0x20 || character.value & 0xFFFE == 0xFFFE: continue
      default: result.unicodeScalars.append(character)
      }
    }
    return result
  }
}
