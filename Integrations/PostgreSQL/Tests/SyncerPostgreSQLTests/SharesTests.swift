import Syncer
import SyncerPostgreSQL
import SyncerTables
import Testing

struct SharesTests {
  @Test("Ranges hold every key once, and none has twice as many as the mean", arguments: 1...13)
  func split(count: Int) throws {
    for keyCount in Array(0...70) + [1_000, 10_007, 99_999] {
      var splitter = KeySplitter(into: count)
      let keys = (0..<keyCount).map { PostgreSQLKey(Int64($0)) }
      for key in keys { splitter.add(key) }
      let ranges = splitter.ranges
      #expect(ranges.count == max(1, min(count, keyCount)), "\(keyCount) keys")
      var counts = [Int](repeating: 0, count: ranges.count)
      var range = 0
      for key in keys {
        while !ranges[range].contains(key) { range += 1 }
        counts[range] += 1
      }
      let mean = Double(keyCount) / Double(ranges.count)
      #expect(counts.allSatisfy { Double($0) < max(2, 2 * mean) }, "\(keyCount) keys: \(counts)")
    }
  }

  private func table(_ name: String) async throws -> (PostgreSQLConnection, PostgreSQLTable) {
    let connection = try await TestServer.connection(
      "DROP TABLE IF EXISTS \(name); CREATE TABLE \(name) (id bigint PRIMARY KEY, name text)")
    if try await connection.texts("SELECT to_regclass('co3_jobs')") != ["NULL"] {
      try await connection.query("DELETE FROM co3_jobs WHERE name = $1", [PostgreSQLValue(name)])
    }
    return (connection, try await PostgreSQLTable(name, of: connection))
  }

  private func join(
    _ table: PostgreSQLTable, _ job: String, _ worker: String, _ connection: PostgreSQLConnection
  ) async throws -> PostgreSQLShares {
    try await PostgreSQLShares(
      joining: job, of: table, subject: "a test", worker: worker, on: connection
    ) {
      [
        PostgreSQLKeyRange(through: PostgreSQLKey(10)),
        PostgreSQLKeyRange(after: PostgreSQLKey(10), through: PostgreSQLKey(20)),
        PostgreSQLKeyRange(after: PostgreSQLKey(20)),
      ]
    }
  }

  @Test(
    "Workers take different shares; that of one that died goes on after its last chunk",
    .enabled(if: TestServer.isThere))
  func died() async throws {
    let (first, table) = try await table("shares_died")
    let second = try await TestServer.connection()
    let ofFirst = try await join(table, "shares_died", "first", first)
    let ofSecond = try await join(table, "shares_died", "second", second)
    let one = try #require(try await ofFirst.take(on: first))
    let two = try #require(try await ofSecond.take(on: second))
    let third = try await TestServer.connection()
    let ofThird = try await join(table, "shares_died", "third", third)
    let three = try #require(try await ofThird.take(on: third))
    #expect([one.number, two.number, three.number] == [1, 2, 3])
    let fourth = try await TestServer.connection()
    let ofFourth = try await join(table, "shares_died", "fourth", fourth)
    #expect(try await ofFourth.take(on: fourth) == nil)

    let store = PostgreSQLStore<Line>(table, on: first, mark: one)
    try await store.write([.insert(Line(1, "a")), .insert(Line(4, "b"))])
    try await store.write([.insert(Line(5, "c"))])
    await first.close()
    try await two.finish(on: second)
    var taken: PostgreSQLShare?
    while taken == nil { taken = try await ofSecond.take(on: second) }
    #expect(taken?.number == 1)
    #expect(taken?.range == PostgreSQLKeyRange(after: PostgreSQLKey(5), through: PostgreSQLKey(10)))

    // The one that lost it may write no more.
    await #expect(throws: ShareTaken(job: "shares_died", number: 1)) {
      try await store.write([.insert(Line(6, "d"))])
    }
    try await taken?.finish(on: second)
    try await three.finish(on: third)
    #expect(try await ofFirst.take(on: first) == nil)
    #expect(try await ofFirst.counts(on: first) == (3, 3))
    #expect(try await first.texts("SELECT id FROM shares_died ORDER BY id") == ["1", "4", "5"])
  }

  @Test(
    "A job is made once, however many join it at once, and is about one thing",
    .enabled(if: TestServer.isThere))
  func joined() async throws {
    let (connection, table) = try await table("shares_joined")
    let numbers = try await withThrowingTaskGroup(of: Int.self) { group in
      for worker in 1...8 {
        group.addTask {
          let connection = try await TestServer.connection()
          return try await join(table, "shares_joined", "worker \(worker)", connection).number
        }
      }
      return try await group.reduce(into: Set<Int>()) { $0.insert($1) }
    }
    #expect(numbers.count == 1)
    let shareCount =
      "SELECT count(*) FROM co3_shares JOIN co3_jobs USING (job) WHERE name = 'shares_joined'"
    #expect(try await connection.texts(shareCount) == ["3"])
    let said = await sentence {
      _ = try await PostgreSQLShares(
        joining: "shares_joined", of: table, subject: "another", worker: "x", on: connection
      ) { [] }
    }
    #expect(said.contains("The job shares_joined is about a test, not about another"))
  }
}
