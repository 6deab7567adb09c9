import Testing

/// Rules of this repository that neither the compiler nor the formatter knows.
struct TidyTests {
  private static let limit = (lines: 300, functionLines: 70)

  /// Words that do not occur, and why.
  private static let banned: [(word: String, reason: String)] = [
    ("@unchecked Sendable", "let the compiler prove it"),
    ("nonisolated(unsafe)", "let the compiler prove it"),
    ("@preconcurrency", "import modules that are ready"),
    ("try!", "say what failed"),
    ("as!", "use as? and say what failed"),
    ("fatalError(", "use precondition with the value in the text, or throw"),
    ("SystemRandomNumberGenerator", "every random number has a seed"),
    ("Date()", "time comes from a clock that is handed in"),
    ("as NSString", "take paths apart by FilePath: NSString's ways crash for a path of one letter"),
    ("Task.sleep", "time comes from a clock that is handed in"),
  ]

  @Test("no file is longer than 300 lines", arguments: ["Sources", "Tests"])
  func fileLength(folder: String) throws {
    let files = try SourceTree.swiftFiles(below: folder)
    #expect(!files.isEmpty)
    for file in files {
      #expect(file.lines.count - 1 <= Self.limit.lines, "split \(file.path) by noun")
    }
  }

  @Test("no function is longer than 70 lines", arguments: ["Sources", "Tests"])
  func functionLength(folder: String) throws {
    var count = 0
    for file in try SourceTree.swiftFiles(below: folder) {
      for (name, length) in Self.functions(of: file) {
        count += 1
        #expect(length <= Self.limit.functionLines, "split \(name) in \(file.path)")
      }
    }
    #expect(count > 100, "functions were not found")
  }

  @Test("words that switch off a check, or make a run differ from the next, do not occur")
  func bannedWords() throws {
    for file in try SourceTree.swiftFiles(below: "Sources") {
      for (number, line) in file.lines.enumerated() {
        let code = Self.code(line)
        for (word, reason) in Self.banned where code.contains(word) {
          Issue.record("\(file.path):\(number + 1) has \"\(word)\": \(reason)")
        }
      }
    }
  }

  @Test("random numbers without a seed are drawn where the fresh seed is, and nowhere else")
  func unseededRandomness() throws {
    let drawing = /\.random\(|\.randomElement\(|\.shuffle\(\)/
    let shuffling = /[\w\])]\.shuffled\(\)/
    for file in try SourceTree.swiftFiles(below: "Sources") {
      for (number, line) in file.lines.enumerated() {
        let code = Self.code(line)
        let draws = code.contains(drawing) && file.path != "Sources/Syncer/Sync/SyncOrder.swift"
        let shuffles = code.contains(shuffling) && !code.contains("SyncOrder.shuffled()")
        #expect(!draws && !shuffles, "\(file.path):\(number + 1) draws without a seed: \(line)")
      }
    }
  }

  @Test("tests neither sleep nor read the time of day")
  func testsDoNotWait() throws {
    let waiting = /\b(usleep|nanosleep|Thread\.sleep|Task\.sleep|ContinuousClock|SuspendingClock)\b/
    for file in try SourceTree.swiftFiles(below: "Tests")
    where !file.path.hasSuffix("/TidyTests.swift") {
      for (number, line) in file.lines.enumerated() where Self.code(line).contains(waiting) {
        Issue.record("\(file.path):\(number + 1) depends on time: \(line)")
      }
    }
  }

  /// The line from its first word on; nothing for a comment.
  private static func code(_ line: String) -> Substring {
    let trimmed = line.drop { $0 == " " }
    return trimmed.hasPrefix("//") ? "" : trimmed
  }

  /// The functions of a file with their lengths, found by indentation, which the formatter keeps.
  private static func functions(of file: SourceTree.File) -> [(name: String, length: Int)] {
    var found: [(String, Int)] = []
    for (start, line) in file.lines.enumerated() where code(line).contains(/\b(func|init)\b.*\(/) {
      if line.hasSuffix("}") { continue }
      // A requirement of a protocol has no body: a blank line comes first.
      let signature = file.lines[start...].prefix { !$0.isEmpty && !$0.hasSuffix("{") }
      guard signature.endIndex < file.lines.count, !file.lines[signature.endIndex].isEmpty,
        let end = file.lines[start...].firstIndex(of: line.prefix { $0 == " " } + "}")
      else { continue }
      found.append((String(code(line)), end - start + 1))
    }
    return found
  }
}
