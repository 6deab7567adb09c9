import Foundation
import Testing

@testable import Syncer

struct GlobTests {
  @Test(
    "patterns match as documented",
    arguments: [
      ("*.txt", "a.txt", true), ("*.txt", "deep/er/a.txt", true), ("*.txt", "a.txt/b", false),
      ("a/*.txt", "a/b.txt", true), ("a/*.txt", "a/b/c.txt", false),
      ("a/*.txt", "b/a/c.txt", false), ("**/c.txt", "c.txt", true),
      ("**/c.txt", "a/b/c.txt", true), ("a/**/d", "a/d", true), ("a/**/d", "a/b/c/d", true),
      ("a/**/d", "b/d", false), ("a/**", "a/b/c", true), ("a/**", "a", false),
      ("?.txt", "b.txt", true), ("[ab].txt", "c.txt", false), ("*", ".hidden", true),
      ("take [0-9]*", "take 5.wav", true), ("\\*", "*", true), ("\\*", "a", false),
      ("**/b/**", "a/b/c", true), ("**/b/**", "b", false), ("**/b/**", "a/c/b/d/e", true),
      ("a*/**/*b*", "aa/x/y/cbc", true), ("a*/**/*b*", "aa", false), ("**", "a/b", true),
      ("[[:digit:]x]", "7", true), ("[[:digit:]x]", "y", false), ("[", "[", true),
      ("[]a]", "]", true), ("[^a-c]", "d", true), ("[a-]", "-", true), ("[\\]]", "]", true),
    ])
  func matches(pattern: String, path: String, expected: Bool) throws {
    #expect(try Glob(pattern).matches(path) == expected)
  }

  @Test("a slash at the end is for folders")
  func folders() throws {
    let glob = try Glob("build/")
    #expect(glob.matches("a/build", isFolder: true))
    #expect(!glob.matches("a/build"))
  }

  @Test(
    "patterns that match nothing are errors",
    arguments: ["", "/", "/a", "a//b", "../a", ".", "a\\", "[[:word:]]"])
  func refused(pattern: String) {
    #expect(throws: GlobError.self) { try Glob(pattern) }
  }

  @Test("names match as the system's fnmatch has it")
  func systemMatcher() throws {
    var draw = SplitMix64(seed: 9)
    let alphabet = Array("ab-]*?[!\\")
    var matched = 0
    for _ in 0..<20_000 {
      let pattern = String((0...draw.next(below: 6)).map { _ in alphabet[draw.next(below: 9)] })
      let name = String((0...draw.next(below: 4)).map { _ in alphabet[draw.next(below: 6)] })
      guard let glob = try? Glob(pattern) else { continue }
      let expected = fnmatch(pattern, name, 0) == 0
      matched += expected ? 1 : 0
      #expect(glob.matches(name) == expected, "Glob(\"\(pattern)\") and \"\(name)\"")
    }
    #expect(matched > 500)
  }

  @Test("many stars take time in proportion, not without bound")
  func manyStars() throws {
    let glob = try Glob(String(repeating: "*a", count: 200) + "b")
    #expect(!glob.matches(String(repeating: "a", count: 5000)))
    let deep = try Glob(String(repeating: "**/a/", count: 100) + "b")
    #expect(!deep.matches(String(repeating: "a/", count: 2000) + "a"))
  }

  @Test("the error is a sentence")
  func sentence() {
    let error = GlobError(pattern: "/a", rule: "starts with a slash, but paths start at the root")
    #expect(
      "\(error)" == "The pattern \"/a\" starts with a slash, but paths start at the root; "
        + "write one such as \"*.txt\", \"takes/**\" or \".git/\".")
  }
}
