import Foundation
import Synchronization
import Syncer
import SyncerFiles
import TestSupport
import Testing

struct DirectoryResourceTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  private func paths(_ resource: DirectoryResource) throws -> [String] {
    try resource.select().map { "\($0.path)" }
  }

  @Test("a folder's files come first, then its folders, each in the order of their bytes")
  func order() throws {
    for name in ["b/z", "b/a/x", "c", "a", "B", "a.d/y"] { try folder.write(name) }
    #expect(
      try paths(DirectoryResource(roots: [folder.path])) == [
        "B", "a", "c", "a.d/y", "b/z", "b/a/x",
      ])
  }

  @Test("items have size, time and kind, and belong to their root")
  func items() throws {
    try folder.write("one/a.txt", "12345")
    try folder.write("two/a.txt", "")
    let roots = ["\(folder.path)/one", "\(folder.path)/two"]
    for root in roots {
      let times = [timespec(tv_sec: 1, tv_nsec: 0), timespec(tv_sec: 12, tv_nsec: 345_678_901)]
      #expect(utimensat(AT_FDCWD, "\(root)/a.txt", times, 0) == 0)
    }
    let items = try DirectoryResource(roots: roots).select()
    #expect(items.map(\.root) == roots)
    #expect(items.map(\.stamp.size) == [5, 0])
    #expect(items.map(\.stamp.modifiedNanoseconds) == [12_345_678_901, 12_345_678_901])
    #expect(items.map(\.kind) == ["txt", "txt"])
  }

  @Test("globs and hidden names decide what is selected")
  func rules() throws {
    for name in ["a.txt", "b.wav", ".h.txt", ".git/c.txt", "build/d.txt", "x/build/e.txt"] {
      try folder.write(name)
    }
    var resource = DirectoryResource(
      roots: [folder.path], include: [try Glob("*.txt")], exclude: [try Glob("build/")])
    #expect(try paths(resource) == [".h.txt", "a.txt", ".git/c.txt"])
    resource.includesHidden = false
    #expect(try paths(resource) == ["a.txt"])
    resource.exclude = [try Glob("a.*"), try Glob("x/**")]
    #expect(try paths(resource) == ["build/d.txt"])
  }

  @Test("symbolic links are left out, or followed with every folder read once")
  func links() throws {
    try folder.write("real/a.txt", "abc")
    try folder.link("file", to: "real/a.txt")
    try folder.link("real/up", to: "..")
    try folder.link("broken", to: "nowhere")
    try folder.link("self", to: "self")
    var resource = DirectoryResource(roots: [folder.path])
    #expect(try paths(resource) == ["real/a.txt"])
    #expect(try resource.listing().skipped.isEmpty)
    resource.followsLinks = true
    let listing = try resource.listing()
    #expect(listing.files.map { "\($0.path)" } == ["file", "real/a.txt"])
    #expect(listing.files.map(\.stamp.size) == [3, 3])
    #expect(listing.skipped.map { "\($0.path)" } == ["broken", "self"])
    #expect(listing.skipped.allSatisfy { !$0.hidesFiles })
  }

  @Test("a root may be, or be behind, a symbolic link", arguments: ["link", "link/b"])
  func linkedRoot(name: String) throws {
    try folder.write("real/b/a", "1")
    try folder.link("link", to: "real")
    let items = try DirectoryResource(roots: ["\(folder.path)/\(name)"]).select()
    #expect(items.map(\.path.name) == [[0x61]])
    #expect(try items.map { try $0.read { _ in } } == items.map(\.stamp))
  }

  @Test("a file is read whole, in pieces as long as they may be", arguments: [1, 4, 6, 7, 8])
  func pieces(size: Int) throws {
    try folder.write("a", "1234567")
    let item = try #require(try DirectoryResource(roots: [folder.path]).select().first)
    var pieces: [String] = []
    _ = try item.read(pieceSize: size) { pieces.append(String(decoding: $0, as: UTF8.self)) }
    #expect(pieces.joined() == "1234567")
    #expect(pieces.dropLast().allSatisfy { $0.utf8.count == size })
  }

  #if os(Linux)
    @Test("a file that the system makes up when it is read is read whole, whatever its size says")
    func madeUpFile() throws {
      let item = FileItem(
        root: "/proc", path: TreePath("sys/kernel/ostype"),
        stamp: FileStamp(size: 0, modifiedNanoseconds: 0))
      var contents: [UInt8] = []
      _ = try item.read(pieceSize: 4) { contents += $0 }
      #expect(String(decoding: contents, as: UTF8.self) == "Linux\n")
    }
  #endif

  @Test("names that are not UTF-8 are selected and can be read")
  func rawNames() throws {
    let name: [UInt8] = [0x63, 0xE9, 0xFF, 0x2E, 0x74, 0x78, 0x74]
    guard TemporaryFolder.write(bytes: name, in: folder.path) else { return }
    let item = try #require(try DirectoryResource(roots: [folder.path]).select().first)
    #expect(item.path == TreePath(bytes: name))
    #expect(item.kind == "txt")
    #expect(try item.read { _ in } == item.stamp)
  }

  @Test("a path longer than the system takes at once is selected and can be read")
  func longPaths() throws {
    let part = String(repeating: "d", count: 240)
    try TemporaryFolder.writeDeep(in: folder.path, folder: part, depth: 20, file: "end.txt")
    let item = try #require(try DirectoryResource(roots: [folder.path]).select().first)
    #expect(item.path.bytes.count > 4_800)
    #expect(try item.read { _ in } == item.stamp)
  }

  @Test("what is neither file nor folder is left out")
  func pipes() throws {
    #expect(mkfifo("\(folder.path)/pipe", 0o644) == 0)
    try folder.write("a")
    let resource = DirectoryResource(roots: [folder.path])
    #expect(try paths(resource) == ["a"])
    // A pipe that took the name of a file is not waited for.
    try folder.remove("a")
    let item = FileItem(
      root: folder.path, path: TreePath("pipe"), stamp: FileStamp(size: 0, modifiedNanoseconds: 0))
    let error = #expect(throws: FileError.self) { try item.read { _ in } }
    #expect(error?.cause == .vanished)
  }

  @Test("a folder that vanishes before its turn is skipped and hides nothing")
  func vanishingFolder() throws {
    try folder.write("a/x")
    try folder.write("b/y")
    let told = Log()
    var resource = DirectoryResource(roots: [folder.path], onSkip: told.add)
    resource.willOpen = { [folder] path in
      if path == TreePath("a") { #expect(throws: Never.self) { try folder.remove("a") } }
    }
    let listing = try resource.listing()
    #expect(listing.files.map { "\($0.path)" } == ["b/y"])
    #expect(listing.skipped.map { "\($0.path)" } == ["a"])
    #expect(listing.skipped.first?.hidesFiles == false)
    #expect(
      told.lines == [
        "\(folder.path)/a is no longer there; run again for the tree as it is now."
      ])
  }

  /// Puts a symbolic link to a folder outside the tree in the place of one in it.
  private func swap(_ name: String) throws {
    try FileManager.default.moveItem(
      atPath: "\(folder.path)/root/\(name)", toPath: "\(folder.path)/away")
    try folder.link("root/\(name)", to: "\(folder.path)/outside")
  }

  @Test(
    "a folder that a link takes the place of is not followed, at any depth",
    arguments: ["a", "a/b"])
  func swappedFolder(name: String) throws {
    for place in ["root/a/b/c/file", "root/d/file", "outside/b/c/secret", "outside/c/secret"] {
      try folder.write(place, "1")
    }
    var resource = DirectoryResource(roots: ["\(folder.path)/root"])
    let items = try resource.select()
    // In the middle of the walk: its last folder was seen before.
    let swapped = Log()
    resource.willOpen = { [self] path in
      if path == TreePath("a/b/c") && swapped.lines.isEmpty {
        swapped.add("swapped")
        #expect(throws: Never.self) { try swap(name) }
      }
    }
    let listing = try resource.listing()
    #expect(listing.files.map { "\($0.path)" } == ["d/file"])
    #expect(listing.skipped.map { "\($0.path)" } == ["a/b/c"])
    #expect(listing.skipped.allSatisfy { $0.error.cause == .vanished })
    // And between the walk and the reading of its files.
    try folder.write("outside/c/file", "not of the tree")
    try folder.write("outside/b/c/file", "not of the tree")
    let error = #expect(throws: FileError.self) { try items[0].read { _ in } }
    #expect(items[0].path == TreePath("a/b/c/file"))
    #expect(error?.cause == .vanished)
    #expect(throws: Never.self) { try items[0].read(followsLinks: true) { _ in } }
  }

  @Test(
    "a path leads to nothing above its root", arguments: ["../file", "a/../../file", "..", "a//b"])
  func above(path: String) throws {
    try folder.write("file")
    try folder.write("root/a/b")
    let item = FileItem(
      root: "\(folder.path)/root", path: TreePath(path),
      stamp: FileStamp(size: 0, modifiedNanoseconds: 0))
    let error = #expect(throws: FileError.self) { try item.read { _ in } }
    #expect(error?.cause == .vanished)
  }

  @Test("a listing can be ended every thousand entries")
  func progress() throws {
    for number in 0..<2_500 {
      #expect(TemporaryFolder.write(bytes: Array("f\(number)".utf8), in: folder.path))
    }
    let told = Log()
    var resource = DirectoryResource(roots: [folder.path])
    resource.onProgress = { told.add("\($0)") }
    #expect(try resource.listing().files.count == 2_500)
    #expect(told.lines == ["1000", "2000"])
    resource.onProgress = { if $0 == 2_000 { throw CancellationError() } }
    #expect(throws: CancellationError.self) { try resource.listing() }
  }

  @Test("a root that is replaced while it is read is an error")
  func vanishingRoot() throws {
    try folder.write("root/a/x")
    try folder.write("root/b")
    var resource = DirectoryResource(roots: ["\(folder.path)/root"])
    resource.willOpen = { [folder] path in
      guard path == TreePath("a") else { return }
      #expect(throws: Never.self) {
        try FileManager.default.moveItem(
          atPath: "\(folder.path)/root", toPath: "\(folder.path)/old")
        try FileManager.default.createDirectory(
          atPath: "\(folder.path)/root", withIntermediateDirectories: false)
      }
    }
    let error = #expect(throws: FileError.self) { try resource.select() }
    #expect(error?.rule == "is not the folder any more that it was when reading it began")
  }

  @Test("a root that is missing or a file is an error", arguments: ["missing", "file"])
  func badRoots(name: String) throws {
    try folder.write("file")
    let error = #expect(throws: FileError.self) {
      try DirectoryResource(roots: ["\(folder.path)/\(name)"]).select()
    }
    #expect(error?.file == "\(folder.path)/\(name)")
    #expect(error?.remedy == "name a folder that can be read")
  }

  @Test("a file that is written to while it is read is an error")
  func changingFile() throws {
    try folder.write("a", "12345")
    let item = try #require(try DirectoryResource(roots: [folder.path]).select().first)
    let error = #expect(throws: FileError.self) {
      try item.read { _ in try folder.write("a", "123456") }
    }
    #expect(error?.cause == .changing)
  }
}

/// Collects the sentences of what was skipped.
private final class Log: Sendable {
  private let entries = Mutex<[String]>([])

  var lines: [String] { entries.withLock { $0 } }

  @Sendable
  func add(_ entry: SkippedEntry) { add("\(entry)") }

  func add(_ line: String) {
    entries.withLock { $0.append(line) }
  }
}
