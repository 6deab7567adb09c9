import Foundation
import GRDB
import Syncer
import SyncerSQLite
import TestSupport
import Testing

@testable import co3index

/// What a run has learned is in the database for the next one.
struct LearnedTests {
  private func index(_ fixture: Fixture) throws -> IndexFile {
    try IndexFile(
      path: fixture.database, root: TreeRoot(fixture.tree), access: .readWrite,
      busyTimeout: .seconds(10))
  }

  /// What the index says it has learned, and what it has to tell about that.
  private func learned(_ fixture: Fixture) throws -> (costs: LearnedCosts?, told: [String]) {
    let index = try index(fixture)
    defer { #expect(throws: Never.self) { try index.file.queue.close() } }
    var told: [String] = []
    let costs = index.learned { told.append($0) }
    return (costs, told)
  }

  private func write(_ costs: String, _ fixture: Fixture) throws {
    let index = try index(fixture)
    try index.file.queue.write { db in
      try db.execute(
        sql: "INSERT OR REPLACE INTO learned (id, costs, kept_s) VALUES (1, ?, 0)",
        arguments: [costs])
    }
    try index.file.queue.close()
  }

  @Test(
    "what was learned comes with the last chunk, and is used by the next run", arguments: [1, 2])
  func kept(jobs: Int) throws {
    var fixture = try Fixture(files: 60)
    #expect(try learned(fixture).costs == nil)
    let first = try fixture.sync("--chunk-time", "1ms", "--jobs", "\(jobs)")
    #expect(first.code == 0)
    let costs = try #require(try learned(fixture).costs)
    #expect(costs.classCount == 1, "files are of one class")
    for _ in 0..<20 { try fixture.change() }
    let second = try fixture.sync("--chunk-time", "1ms")
    #expect(second.code == 0 && second.err.isEmpty)
    #expect(try fixture.rows() == fixture.freshRows())
    #expect(try #require(try learned(fixture).costs).classCount >= costs.classCount)
  }

  @Test("what nobody wrote, or a newer version, is told of and not used")
  func damaged() throws {
    var fixture = try Fixture(files: 20)
    try fixture.sync()
    for (text, word) in [
      ("{", "what earlier syncs have learned of costs cannot be read; it is learned anew."),
      (
        #"{"version":2,"overhead":0,"classes":{}}"#,
        "What was learned has the version 2, and this program knows 1; it learns anew."
      ),
    ] {
      try write(text, fixture)
      let read = try learned(fixture)
      #expect(read.costs == nil)
      #expect(read.told == ["\(fixture.database): \(word)"])
      try fixture.create()
      let ended = try fixture.sync("--chunk-time", "1ms")
      #expect(ended.code == 0)
      #expect(ended.err == "co3index: \(fixture.database): \(word)\n")
      #expect(try fixture.rows() == fixture.freshRows())
    }
  }

  @Test("the older it is, the more it is doubted")
  func aged() throws {
    var fixture = try Fixture(files: 1)
    try fixture.create()
    try fixture.sync()
    try write(#"{"version":1,"overhead":0,"classes":{"txt":{"h":[1990000,1000]}}}"#, fixture)
    let aged = try #require(try learned(fixture).costs)
    let text = String(decoding: try JSONEncoder().encode(aged), as: UTF8.self)
    // Decades, in days.
    #expect(text.contains("\"d\":"))
  }
}
