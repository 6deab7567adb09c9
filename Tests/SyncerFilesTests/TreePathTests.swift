import SyncerFiles
import Testing

struct TreePathTests {
  @Test(
    "the kind is the extension in lower case, where there is one",
    arguments: [
      ("a.WAV", "wav"), ("deep/er/a.tar.gz", "gz"), ("README", "none"), (".bashrc", "none"),
      (".config.json", "json"), ("libz.so.1", "none"), ("song.mp3", "mp3"), ("a.", "none"),
      ("v1.2/notes", "none"), ("x.averyveryverylongone", "none"), ("a.b c", "none"),
    ])
  func kinds(path: String, kind: String) {
    #expect(TreePath(path).kind == kind)
  }

  @Test("names that read the same but are other bytes are other paths")
  func composition() {
    let composed = "caf\u{E9}"
    let decomposed = "cafe\u{301}"
    #expect(composed == decomposed)
    #expect(TreePath(composed) != TreePath(decomposed))
    #expect(Set([TreePath(composed), TreePath(decomposed)]).count == 2)
  }

  @Test("a path that is not UTF-8 has no text and a description")
  func bytes() {
    let path = TreePath(bytes: [0x61, 0xFF, 0x2F, 0x62])
    #expect(path.text == nil)
    #expect(path.description == "a\\xFF/b")
    #expect(TreePath("a\nb").description == "a\\x0Ab")
    #expect(TreePath("ü").description == "ü")
  }

  @Test("parents lead to the root")
  func parents() {
    let path = TreePath("a/b/c")
    #expect(path.parent == TreePath("a/b"))
    #expect(path.parent?.parent?.parent == TreePath(bytes: []))
    #expect(TreePath(bytes: []).parent == nil)
    #expect(TreePath("a").appending(Array("b".utf8)) == TreePath("a/b"))
  }
}
