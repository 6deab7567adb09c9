import Testing

@testable import co3backfill

struct CSVTests {
  /// Reads all rows of a text, in pieces that end after some bytes.
  private func rows(_ text: String, pieceBytes: Int = .max) throws -> [[String?]] {
    let bytes = Array(text.utf8)
    var rows: [[String?]] = []
    var fields: [String?] = []
    var (start, end) = (0, min(pieceBytes, bytes.count))
    while start < bytes.count {
      let isEnd = end == bytes.count
      let count = try bytes[start..<end].withUnsafeBufferPointer {
        try CSVFields.read($0, isEnd: isEnd, into: &fields)
      }
      if let count {
        rows.append(fields)
        start += count
        if start == end { end = min(end.advanced(by: pieceBytes), bytes.count) }
      } else {
        end = min(end + pieceBytes, bytes.count)
      }
    }
    return rows
  }

  static let texts: [(text: String, rows: [[String?]])] = [
    ("a,b\nc,d\n", [["a", "b"], ["c", "d"]]),
    ("a,b\r\nc,d", [["a", "b"], ["c", "d"]]),
    ("a,b\rc,d\r", [["a", "b"], ["c", "d"]]),
    (",\"\"\n\"x\",", [[nil, ""], ["x", nil]]),
    ("\"a\"\"b\",\"\"\"\"\n", [["a\"b", "\""]]),
    ("\"a\nb\r\",\"c,d\"\n", [["a\nb\r", "c,d"]]),
    ("é,e\u{301},𝄞\n", [["é", "e\u{301}", "𝄞"]]),
    ("\n,\n", [[nil], [nil, nil]]),
  ]

  @Test("Rows are the same in whatever pieces they are read", arguments: texts)
  func pieces(text: String, expected: [[String?]]) throws {
    for pieceBytes in 1...max(1, text.utf8.count) {
      #expect(try rows(text, pieceBytes: pieceBytes) == expected, "pieces of \(pieceBytes)")
    }
  }

  @Test(
    "Quotes where they do not belong are faults, and swallow nothing",
    arguments: [
      ("a\"b,c\n", "has a quote in a field that does not begin with one"),
      ("\"a\"b,c\n", "has text behind the quote that ends a field"),
      ("\"a,b\n", "has a quote without the one that ends its field"),
    ])
  func faults(text: String, rule: String) {
    let error = #expect(throws: CSVFields.Fault.self) { try rows(text) }
    #expect(error?.rule == rule)
  }
}
