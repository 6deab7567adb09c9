import SyncerFiles
import Testing

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
    ])
  func matches(pattern: String, path: String, expected: Bool) throws {
    #expect(try Glob(pattern).matches(TreePath(path)) == expected)
  }

  @Test("a slash at the end is for folders")
  func folders() throws {
    let glob = try Glob("build/")
    #expect(glob.matches(TreePath("a/build"), isFolder: true))
    #expect(!glob.matches(TreePath("a/build")))
  }

  @Test("patterns that match nothing are errors", arguments: ["", "/", "/a", "a//b", "../a", "."])
  func refused(pattern: String) {
    #expect(throws: GlobError.self) { try Glob(pattern) }
  }

  @Test("the error is a sentence")
  func sentence() {
    let error = GlobError(pattern: "/a", rule: "starts with a slash, but paths start at the root")
    #expect(
      "\(error)" == "The pattern \"/a\" starts with a slash, but paths start at the root; "
        + "write one such as \"*.txt\", \"takes/**\" or \".git/\".")
  }
}
