import Foundation
import Syncer
import Testing

@testable import SafeOutput
@testable import SyncerReports
@testable import SyncerSimulation

/// Names from outside are texts wherever they come out, whatever signs they are made of.
struct NameTests {
  /// Every scalar that makes one character with a sign before or after it, and some that do not.
  ///
  /// What goes by characters does not see the sign in them.
  private static let joining: [Unicode.Scalar] = (UInt32(0)...0x10FFFF).compactMap { value in
    guard let scalar = Unicode.Scalar(value) else { return nil }
    // Planes without any assigned joining scalar take long and show nothing.
    if (0x20000..<0xE0000).contains(value) || value > 0xE0FFF { return nil }
    let isJoining =
      String(scalar).count == 1
      && ((String(scalar) + "'").count == 1 || ("'" + String(scalar)).count == 1)
    return isJoining || value < 0xA1 || (0x2028...0x202F).contains(value) ? scalar : nil
  }

  private static let signs = [
    "'", "\"", "`", "\\", "<", ">", "&", "|", "\n", "\r", "\u{1B}", "\u{9B}", "$", "@", "*", "[",
    ";",
  ]

  /// Expects something of every sign with every scalar before and behind it.
  private func expectOfAll(_ holds: (String) -> Bool) {
    var failing: [String] = []
    for scalar in Self.joining {
      for sign in Self.signs where !holds(String(scalar) + sign + String(scalar)) {
        failing.append("U+\(String(scalar.value, radix: 16)) and \(sign.debugDescription)")
      }
    }
    #expect(failing.isEmpty, "\(failing.count), the first \(failing.prefix(3))")
  }

  @Test("there are scalars that hide a sign before, behind and around it")
  func joiningScalars() {
    #expect(Self.joining.count > 2000)
    for scalar in ["\u{600}", "\u{301}", "\u{200D}", "\u{903}", "\u{D4E}", "\r"] as [Unicode.Scalar]
    {
      #expect(Self.joining.contains(scalar))
    }
  }

  @Test("gnuplot sees one text, and nothing is left in it that ends or runs it")
  func gnuplot() {
    expectOfAll { name in
      let quoted = Array(GnuplotScript.quoted(name).utf8)
      let inner = quoted.dropFirst().dropLast()
      let isClosed = quoted.first == quoted.last && quoted.count >= 2
      let isPlain = !inner.contains(quoted[0]) && !inner.contains(0x0A) && !inner.contains(0x60)
      // Between double quotes a backslash only stands before three octal digits.
      var escapes = true
      for (place, byte) in inner.enumerated() where byte == 0x5C && quoted[0] == 0x22 {
        let digits = inner.dropFirst(place + 1).prefix(3)
        escapes = escapes && digits.count == 3 && digits.allSatisfy { (0x30...0x37).contains($0) }
      }
      let isRight = isClosed && isPlain && escapes && (quoted[0] == 0x22 || !inner.contains(0x5C))
      return isRight
    }
  }

  @Test("HTML and SVG see no tag, no entity but ours, and no end of an attribute")
  func markup() {
    expectOfAll { name in
      let bytes = Array(SVGDrawing.escaped(name).utf8)
      var isClean = !bytes.contains { [0x3C, 0x3E, 0x22, 0x27].contains($0) || $0 < 0x20 }
      for place in bytes.indices where bytes[place] == 0x26 {
        isClean =
          isClean
          && ["&amp;", "&lt;", "&gt;", "&quot;", "&#39;"].contains {
            bytes[place...].starts(with: $0.utf8)
          }
      }
      return isClean
    }
  }

  @Test("markdown sees no cell, no emphasis, no code, no link and no tag")
  func markdown() {
    expectOfAll { name in
      var isEscaped = false
      var isClean = true
      for byte in name.markdown.utf8 {
        if !isEscaped { isClean = isClean && ![0x60, 0x7C, 0x2A, 0x5B, 0x3C, 0x3E].contains(byte) }
        isClean = isClean && byte >= 0x20
        isEscaped = byte == 0x5C && !isEscaped
      }
      return isClean && !isEscaped
    }
  }

  private static func isObeyed(_ scalar: Unicode.Scalar) -> Bool {
    (scalar.value < 0x20 && scalar != "\n") || (0x7F...0x9F).contains(scalar.value)
      || (0x202A...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
      || [0x200E, 0x200F, 0x061C, 0x2028, 0x2029].contains(scalar.value)
  }

  @Test("a terminal sees nothing to obey, and JSON stays what it was")
  func terminal() throws {
    expectOfAll { name in
      let isClean = !name.visible.unicodeScalars.contains { Self.isObeyed($0) || $0 == "\n" }
      return isClean
    }
    let text = "a\u{9B}b\u{202E}c\u{E0001}d\u{1B}"
    let json = String(decoding: try JSONEncoder().encode([text]), as: UTF8.self)
    #expect(try JSONDecoder().decode([String].self, from: Data(json.visible.utf8)) == [text])
  }

  @Test("a field of a CSV file is read back as it was, and is no formula")
  func formulas() throws {
    let names = [
      "=1+1", "@a", "+a", "-a", "'=1", "''@", "-", "-5", "+1e3", "\t=", "a=b", "'a", "＝1", "", "'",
    ]
    for name in names + Self.signs {
      var bytes = Array("name\n".utf8)
      bytes.appendCSVField(name)
      bytes += Array(",\n".utf8)
      bytes.insert(contentsOf: ",x".utf8, at: 4)
      var text = try DelimitedText(file: "names.csv", bytes: bytes)
      var fields: [Range<Int>] = []
      #expect(try text.next(&fields))
      #expect(text.text(fields[0]) == name)
      let start = text.text(fields[0]) == name ? bytes.dropFirst(7).first { $0 != 0x22 } : nil
      let isFormula = [0x3D, 0x40].contains(start ?? 0)
      #expect(!isFormula, "\(name)")
    }
  }
}

/// What the programs make of such names.
@Suite(.serialized) struct NameProgramTests {
  private let tool: Co3simProcess

  init() throws {
    tool = try Co3simProcess()
  }

  /// One scalar of every class of the breaks between characters (UAX 29), and special signs.
  private static let joining = [
    "\r", "\n", "\u{301}", "\u{200D}", "\u{600}", "\u{903}", "\u{1100}", "\u{1F1E6}", "\u{9B}",
  ]
  private static let attacks = [
    "'; system('id > pwned'); #", "\"; system(\"id > pwned\"); #", "`id > pwned`",
    "<img src=x onerror=alert(1)>", "<meta http-equiv=refresh content=0>", "\" onload=\"alert(1)",
    "|x|\n# title", "=1+1", "'", "\"", "\n", "\\", "@", "\u{1B}]52;c;aGk=\u{7}", "$(id > pwned)",
  ]

  private func scenario(_ name: (Int) -> String) throws -> String {
    var schedulers: [Any] = []
    for (number, _) in Self.attacks.enumerated() {
      schedulers.append(
        ["fixed": ["size": 2], "label": "\(name(number))\(number)"] as [String: Any])
    }
    let classes = Self.attacks.indices.prefix(4).map { number in
      ["class": name(number), "weight": 1, "handle": ["constant": "1s"]] as [String: Any]
    }
    let json: [String: Any] = [
      "name": "names", "summary": Self.attacks.indices.map(name).joined(separator: " "),
      "sync": ["chunkTime": "2s"], "schedulers": schedulers,
      "workload": ["phases": [["count": 12, "mix": classes] as [String: Any]]],
    ]
    return String(decoding: try JSONSerialization.data(withJSONObject: json), as: UTF8.self)
  }

  /// The tags of a page, without what is in their attributes.
  private func tags(_ page: String) -> [String] {
    page.matches(of: /<(\/?[A-Za-z]+)/).map { String($0.output.1) }
  }

  @Test("names run nothing, add no tag, and reach no terminal", arguments: joining)
  func names(joining: String) throws {
    _ = try tool.folder.file("plain.json", try scenario { "plain \($0)" })
    _ = try tool.folder.file("evil.json", try scenario { joining + Self.attacks[$0] + joining })
    let commands = [
      ["run", "evil.json", "--output", "a"], ["report", "evil.json", "--output", "b"],
      ["run", "evil.json", "--output", "c", "--format", "markdown"], ["validate", "evil.json"],
      ["run", "evil.json", "--output", "d", "--chart"], ["compare", "evil.json"],
      ["sweep", "evil.json", "--vary", "sync.chunkTime=1s,2s", "--output", "s.csv"],
      ["sweep", "evil.json", "--vary", "sync.chunkTime=1s,2s", "--output", "s.csv"],
      ["merge", "s.csv"], ["trace", "export", "evil.json", "-o", "t.csv"],
      ["gate", "evil.json"], ["run", "evil.json", "--scheduler", joining + "'x"],
    ]
    for command in commands {
      let outcome = try tool.run(command)
      let isExpected = outcome.code == 0 || (outcome.code == 2) == (command[0] == "gate")
      #expect(isExpected || command.count == 4 && outcome.code == 1, "\(command): \(outcome.error)")
      let isClean = !(outcome.out + outcome.error).unicodeScalars.contains { scalar in
        (scalar.value < 0x20 && scalar != "\n" && !(scalar == "\r" && command[0] == "merge"))
          || (0x7F...0x9F).contains(scalar.value) || scalar == "\u{202E}"
      }
      #expect(isClean, "\(command)")
    }
    if Gnuplot() != nil { #expect(try tool.run("report", "plain.json", "--output", "p").code == 0) }
    guard Gnuplot() != nil else { return }
    #expect(try tool.run("report", "evil.json", "--output", "b").code == 0)
    for folder in [".", "a", "b", "c", "d"] where tool.folder.exists(folder) {
      #expect(!tool.folder.exists("\(folder)/pwned"))
    }
    let page = try tool.folder.text(of: "b/report.html")
    let body = { (page: String) in page.components(separatedBy: "<figure>")[0] }
    #expect(tags(body(page)) == tags(body(try tool.folder.text(of: "p/report.html"))))
    #expect(!page.utf8.contains(0x1B))
  }
}
