import Testing

@testable import Syncer

/// Classes are numbered in the order first met, whatever their names look like.
struct CostClassTableTests {
  @Test("names of every length, of one letter and ending alike, keep their numbers")
  func names() {
    let letters = (0..<40).map { String(repeating: "a", count: $0) }
    let endings = (0..<40).map { String(repeating: "b", count: $0) + "12345678" }
    let accents = (1..<40).map { String(repeating: "é", count: $0) }
    let names = letters + endings + accents + (0..<500).map { "class-\($0)" }
    var table = CostClassTable()
    for round in 1...2 {
      for (number, name) in names.enumerated() {
        let found = table.index(of: CostClass(name))
        #expect(found == number, "\"\(name)\" in round \(round)")
      }
    }
    #expect(table.classes.map(\.name) == names)
  }

  @Test("names that are equal have one number, whatever their bytes are")
  func equivalentNames() {
    let composed = CostClass("caf\u{E9}")
    let decomposed = CostClass("cafe\u{301}")
    #expect(composed == decomposed)
    var table = CostClassTable()
    let numbers = [composed, "tea", decomposed, composed].map { table.index(of: $0) }
    #expect(numbers == [0, 1, 0, 0])
  }
}
