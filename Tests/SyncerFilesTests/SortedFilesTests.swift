import Foundation
import Synchronization
import Syncer
import SyncerFiles
import TestSupport
import Testing

struct SortedFilesTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  private func files(_ resource: DirectoryResource) async throws -> [FileItem] {
    var files: [FileItem] = []
    for try await file in SortedFiles(resource) { files.append(file) }
    return files
  }

  @Test("a folder stands where the paths in it belong, among names that go on with other signs")
  func order() async throws {
    let names = ["a-b", "a.txt", "a/x", "a0", "A", "b", "a/x-", "a/x.d/y", "a/x.d-/z", "c/d/e/f"]
    for name in names { try folder.write(name) }
    let paths = try await files(DirectoryResource(roots: [folder.path])).map(\.path)
    #expect(paths == names.map { TreePath($0) }.sorted())
  }

  @Test("random trees are listed as they are selected, by path, whatever is left out")
  func randomTrees() async throws {
    for seed in UInt64(0)..<20 {
      var generator = SplitMix64(seed: seed)
      let root = "tree\(seed)"
      let letters = ["a", "b", "-", ".", "0", "é"]
      for _ in 0..<40 {
        let parts = (0...generator.next(below: 3)).map { _ in
          let rest = (0...generator.next(below: 2)).map { _ in letters[generator.next(below: 6)] }
          return "n" + rest.joined()
        }
        // What is a folder already cannot be a file, nor the other way round.
        do { try folder.write("\(root)/\(parts.joined(separator: "/"))") } catch { continue }
      }
      var resource = DirectoryResource(roots: ["\(folder.path)/\(root)"])
      if seed % 2 == 1 { resource.exclude = [try Glob("*a"), try Glob("nb*/")] }
      let listed = try await files(resource)
      #expect(listed == (try resource.select()).sorted { $0.path < $1.path }, "seed \(seed)")
      #expect(listed.count > 3, "seed \(seed)")
    }
  }

  @Test("a folder is read when its turn comes, and not before")
  func reading() async throws {
    for name in ["a/1", "a/2", "b/c/3", "d/4"] { try folder.write(name) }
    let opened = Mutex<[String]>([])
    var resource = DirectoryResource(roots: [folder.path])
    resource.willOpen = { path in opened.withLock { $0.append("\(path)") } }
    var told: [String] = []
    for try await file in SortedFiles(resource) {
      told.append("\(file.path) after \(opened.withLock { $0 }.joined(separator: " "))")
    }
    #expect(
      told == ["a/1 after  a", "a/2 after  a", "b/c/3 after  a b b/c", "d/4 after  a b b/c d"])
  }

  @Test("several roots are listed one after the other, and a missing one is an error")
  func roots() async throws {
    for name in ["one/b", "one/c", "two/a"] { try folder.write(name) }
    let roots = ["one", "two", "three"].map { "\(folder.path)/\($0)" }
    let listed = try await files(DirectoryResource(roots: Array(roots.prefix(2))))
    #expect(listed.map { "\($0.path)" } == ["b", "c", "a"])
    await #expect(throws: FileError.self) { try await files(DirectoryResource(roots: roots)) }
  }

  @Test("a folder that is gone is skipped, and told of")
  func skipped() async throws {
    for name in ["a/1", "b/2", "c/3"] { try folder.write(name) }
    let skipped = Mutex<[String]>([])
    var resource = DirectoryResource(roots: [folder.path]) { entry in
      skipped.withLock { $0.append("\(entry.path)") }
    }
    resource.willOpen = { [folder] path in
      if "\(path)" == "b" { rename("\(folder.path)/b", "\(folder.path)/.b") }
    }
    #expect(try await files(resource).map { "\($0.path)" } == ["a/1", "c/3"])
    #expect(skipped.withLock { $0 } == ["b"])
  }

  @Test(
    "a folder that hides files ends the reading",
    .enabled(if: geteuid() != 0, "whoever may read everything is refused nothing"))
  func hidden() async throws {
    for name in ["a/1", "c/3"] { try folder.write(name) }
    let resource = DirectoryResource(roots: [folder.path])
    try FileManager.default.setAttributes(
      [.posixPermissions: 0], ofItemAtPath: "\(folder.path)/c")
    defer { chmod("\(folder.path)/c", 0o755) }
    await #expect(throws: FileError.self) { try await files(resource) }
  }

  @Test("a root that is replaced is found out before anything looks deleted")
  func replacedRoot() async throws {
    for name in ["root/a/1", "root/b/2", "root/z", "other/z"] { try folder.write(name) }
    var resource = DirectoryResource(roots: ["\(folder.path)/root"])
    for moment in ["a", "b"] {
      resource.willOpen = { [folder] path in
        guard "\(path)" == moment else { return }
        rename("\(folder.path)/root", "\(folder.path)/gone")
        rename("\(folder.path)/other", "\(folder.path)/root")
      }
      var seen: [String] = []
      do {
        for try await file in SortedFiles(resource) { seen.append("\(file.path)") }
        Issue.record("the root was replaced at \(moment) and read to its end")
      } catch let error as FileError {
        #expect(error.cause == .vanished && error.file == "\(folder.path)/root")
      }
      #expect(seen == (moment == "a" ? [] : ["a/1"]))
      rename("\(folder.path)/root", "\(folder.path)/other")
      rename("\(folder.path)/gone", "\(folder.path)/root")
    }
  }

  @Test("a tree is synced with a sorted index, and neither is held")
  func synced() async throws {
    for name in ["a", "b/c", "d"] { try folder.write(name) }
    let index = AsyncStream<TreePath> { continuation in
      for path in ["a", "b.old", "d", "e"] { continuation.yield(TreePath(path)) }
      continuation.finish()
    }
    let log = Log()
    let syncer = Syncer(
      differ: SortedDiffer(
        left: SortedFiles(DirectoryResource(roots: [folder.path])), right: index,
        leftKey: \.path, rightKey: { $0 }, uniqueKeys: [.left, .right]),
      handler: ClosureSyncHandler<TreePath, FileItem, TreePath, String>(
        handle: { "\($0.key) \($0.membership.rawValue)" },
        processChunk: { for line in $0.outputs { await log.add(line) } }))
    #expect(try await syncer.chunkedSync(chunkCap: 2).stopReason == .completed)
    #expect(
      await log.lines == [
        "a intersection", "b.old right-exclusive", "b/c left-exclusive", "d intersection",
        "e right-exclusive",
      ])
  }
}
