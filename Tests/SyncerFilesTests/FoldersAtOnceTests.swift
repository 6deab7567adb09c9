import Foundation
import Synchronization
import Syncer
import SyncerFiles
import TestSupport
import Testing

struct FoldersAtOnceTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  @Test("several folders read at once make the same listing", arguments: [1, 2, 3, 16])
  func sameListing(count: Int) async throws {
    for number in 0..<90 {
      try folder.write("\(number % 7)/\(number % 3)/\(number % 5)/\(number)")
      try folder.write("\(number % 11)/b\(number)")
    }
    try folder.link("0/link", to: "../1")
    let vanishing = ["3/gone", "5/2/gone", "gone"]
    for followsLinks in [false, true] {
      var listings: [DirectoryListing] = []
      for atOnce in [1, count] {
        for name in vanishing { try folder.write("\(name)/file") }
        let told = Mutex<[String]>([])
        var resource = DirectoryResource(roots: [folder.path], followsLinks: followsLinks)
        resource.onSkip = { entry in told.withLock { $0.append("\(entry)") } }
        resource.willOpen = { [folder] path in
          if vanishing.contains("\(path)") {
            #expect(throws: Never.self) { try folder.remove("\(path)") }
          }
        }
        listings.append(try await resource.listing(foldersAtOnce: atOnce))
        let lines = told.withLock { $0.sorted() }
        #expect(lines == listings[0].skipped.map { "\($0)" }.sorted())
      }
      let areSame = listings[0] == listings[1]
      #expect(areSame, "\(count) at once, links \(followsLinks)")
      #expect(listings[0].files.count == 180)
      #expect(listings[0].skipped.map { "\($0.path)" } == vanishing)
    }
  }

  @Test("several folders read at once are ended by what fails, and by cancellation")
  func ends() async throws {
    for number in 0..<3_000 {
      #expect(TemporaryFolder.write(bytes: Array("f\(number)".utf8), in: folder.path))
    }
    for number in 0..<50 { try folder.write("\(number)/file") }
    var resource = DirectoryResource(roots: [folder.path])
    resource.onProgress = { if $0 == 2_000 { throw Broken(what: "\($0)") } }
    let failing = resource
    await #expect(throws: Broken.self) { try await failing.listing(foldersAtOnce: 2).files.count }
    resource.onProgress = { _ in }
    resource.willOpen = { path in
      if path == TreePath("0") { withUnsafeCurrentTask { $0?.cancel() } }
    }
    let cancelled = resource
    await #expect(throws: CancellationError.self) {
      try await cancelled.listing(foldersAtOnce: 2).files.count
    }
  }
}
