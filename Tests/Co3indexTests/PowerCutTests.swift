import Foundation
import TestSupport
import Testing

/// A loss of power, acted out: a file system of its own is shut down in mid-sync, with all that was
/// not synced lost, and mounted again.
///
/// `CO3_POWER_CUTS=20` is the large scale.
@Suite(
  .serialized,
  .enabled(
    if: OwnFileSystem.canBeMade, "needs the right to mount a file system (root, loop, mkfs.ext4)"))
struct PowerCutTests {
  private static let cuts = Fixture.scale("CO3_POWER_CUTS", 3)

  @Test("a chunk that was told of outlasts a loss of power, and the next run ends the job")
  func toldChunks() throws {
    var toldInAll = 0
    for round in 1...Self.cuts {
      let fixture = try Fixture(files: 200, seed: UInt64(round))
      let disk = try OwnFileSystem(in: fixture.folder)
      let database = "\(disk.place)/index.sqlite"
      var program = try Program([
        "sync", fixture.tree, database, "--json", "--chunk-time", "1ns", "--jobs", "1",
      ])
      program.process.standardError = FileHandle.nullDevice
      try program.process.run()
      // What is told after the cut is told of a disk that is gone.
      var told = 0
      for _ in 0..<(3 + round * 7 % 150) {
        let event = try program.line().flatMap { Program.events($0).first }
        if event?["event"] as? String == "chunk" { told += event?["items"] as? Int ?? 0 }
      }
      try disk.cutPower()
      _ = try program.rest()
      program.process.waitUntilExit()
      toldInAll += told
      try disk.mountAgain()
      let fresh = try fixture.freshRows()
      let found = told == 0 ? [] : try IndexRow.all(database)
      #expect(found.count >= told, "round \(round): \(found.count) rows of \(told) told of")
      #expect(found.allSatisfy { fresh.contains($0) }, "round \(round)")
      let ended = try Program.run(["sync", fixture.tree, database])
      #expect(ended.code == 0, "round \(round): \(ended.err)")
      #expect(try IndexRow.all(database) == fresh, "round \(round)")
    }
    print("\(toldInAll) items were told of as written before \(Self.cuts) cuts")
    #expect(toldInAll > 0)
  }
}

/// A file system in a file, mounted in a folder, and unmounted with it.
private final class OwnFileSystem {
  let place: String
  private let image: String
  // It is removed after the file system is unmounted.
  private let folder: TemporaryFolder

  static let canBeMade: Bool = {
    guard geteuid() == 0 else { return false }
    do {
      let folder = try Fixture().folder
      try OwnFileSystem(in: folder).cutPower()
      return true
    } catch {
      return false
    }
  }()

  init(in folder: TemporaryFolder) throws {
    self.folder = folder
    (place, image) = ("\(folder.path)/mounted", "\(folder.path)/image")
    try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: false)
    #expect(FileManager.default.createFile(atPath: image, contents: nil))
    #expect(truncate(image, 32 << 20) == 0)
    try run("mkfs.ext4", ["-q", "-F", image])
    try mount()
  }

  /// Ends the file system: nothing more is written, its log included.
  func cutPower() throws {
    let descriptor = open(place, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    defer { close(descriptor) }
    // EXT4_IOC_SHUTDOWN with EXT4_GOING_FLAGS_NOLOGFLUSH.
    var mode: UInt32 = 2
    guard descriptor >= 0, ioctl(descriptor, 0x8004_587D, &mode) == 0 else {
      throw POSIXError(.EIO)
    }
  }

  func mountAgain() throws {
    try run("umount", [place])
    try mount()
  }

  deinit {
    do {
      try run("umount", [place])
    } catch {
      print("\(place) stays mounted: \(error)")
    }
  }

  private func mount() throws {
    try run("mount", ["-o", "loop", image, place])
  }

  private func run(_ program: String, _ arguments: [String]) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [program] + arguments
    process.environment = ["PATH": "/usr/sbin:/sbin:/usr/bin:/bin"]
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    if process.terminationStatus != 0 { throw POSIXError(.EIO) }
  }
}
