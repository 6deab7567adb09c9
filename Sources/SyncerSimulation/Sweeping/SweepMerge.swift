internal import Foundation

/// Joins the shards of a sweep into the table that one run would have written.
public enum SweepMerge {
  /// Joins shards, given in any order.
  ///
  /// - Parameter files: The files of all shards.
  /// - Returns: the bytes of the whole table.
  /// - Throws: `ScenarioError` for files of different sweeps, and for cells that are missing or
  ///   there twice.
  public static func merged(_ files: [String]) throws(ScenarioError) -> [UInt8] {
    var shards: [Shard] = []
    for file in files { shards.append(try Shard(file)) }
    // Shards without a cell, where there are more shards than cells, sort to the front.
    shards.sort { ($0.first, $0.count) < ($1.first, $1.count) }
    guard let total = shards.map(\.total).max() else {
      throw ScenarioError(file: "co3sim merge", rule: "has no file", remedy: "name the shards")
    }
    var next = 1
    var bytes = shards[0].header
    for shard in shards {
      if shard.header != shards[0].header || (shard.count > 0 && shard.total != total) {
        throw ScenarioError(
          file: shard.file, rule: "is a shard of another sweep than \(shards[0].file)",
          remedy: "merge the shards of one sweep")
      }
      if shard.count == 0 { continue }
      if shard.first != next {
        throw ScenarioError(
          file: shard.file,
          rule: shard.first < next
            ? "has cell \(shard.first) for the second time"
            : "follows after cell \(next), which is missing",
          remedy: "name every shard once, and finish those that are missing")
      }
      bytes += shard.rows
      next += shard.count
    }
    if next <= total {
      throw ScenarioError(
        file: shards[shards.count - 1].file,
        rule: "is the last, but cells \(next) to \(total) are missing",
        remedy: "finish and name the other shards")
    }
    return bytes
  }

  private struct Shard {
    var file: String
    var header: [UInt8]
    var rows: ArraySlice<UInt8>
    /// The number of the first cell; 0 without any.
    var first = 0
    var count = 0
    /// The cells of the whole sweep.
    var total = 0

    init(_ file: String) throws(ScenarioError) {
      self.file = file
      let bytes = try FileContents.read(file, remedy: "name the shards of a sweep")
      func wrong(_ rule: String) -> ScenarioError {
        ScenarioError(file: file, rule: rule, remedy: "name files that co3sim sweep has finished")
      }
      guard let end = bytes.firstIndex(of: 0x0A), bytes.starts(with: Array("cell,cells,".utf8))
      else { throw wrong("is no table of a sweep") }
      header = Array(bytes[...end])
      rows = bytes[(end + 1)...]
      if let last = rows.last, last != 0x0A { throw wrong("ends within a row") }
      for row in rows.split(separator: 0x0A) {
        let fields = row.split(separator: 0x2C, maxSplits: 2)
        guard fields.count == 3, let cell = Int(String(decoding: fields[0], as: UTF8.self)),
          let cells = Int(String(decoding: fields[1], as: UTF8.self))
        else { throw wrong("has a row without the number of its cell") }
        if count == 0 { (first, total) = (cell, cells) }
        if cell != first + count || cells != total {
          throw wrong("has cell \(cell) of \(cells) where \(first + count) of \(total) is expected")
        }
        count += 1
      }
    }
  }
}

extension SweepMerge {
  /// Joins shards into a file, or onto standard output.
  ///
  /// - Parameters:
  ///   - files: The files of all shards.
  ///   - output: The file; nil for standard output.
  /// - Throws: as `merged(_:)`, and for a file that cannot be written.
  public static func write(_ files: [String], to output: String?) throws(ScenarioError) {
    let table = Data(try merged(files))
    guard let output else {
      FileHandle.standardOutput.write(table)
      return
    }
    do {
      try table.write(to: URL(fileURLWithPath: output), options: .atomic)
    } catch {
      throw ReportWriter.failure(output, error)
    }
  }
}
