internal import SafeOutput
public import SyncerSimulation

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
    var digest: [UInt8]?
    for shard in shards {
      if shard.header != shards[0].header || (shard.count > 0 && shard.total != total) {
        throw ScenarioError(
          file: shard.file, rule: "is a shard of another sweep than \(shards[0].file)",
          remedy: "merge the shards of one sweep")
      }
      if let digest, let own = shard.digest, own != digest {
        throw ScenarioError(
          file: shard.file,
          rule: "is of another scenario, other traces or another version than \(shards[0].file)",
          remedy: "run the shards again with what they are to be of")
      }
      digest = digest ?? shard.digest
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
        rule: "ends with cell \(next - 1) of \(total), and no file has those after it",
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
    /// What the sweep is of; nil without any row.
    var digest: [UInt8]?

    init(_ file: String) throws(ScenarioError) {
      self.file = file
      let bytes = try FileContents.read(file, remedy: "name the shards of a sweep")
      func wrong(_ rule: String) -> ScenarioError {
        ScenarioError(file: file, rule: rule, remedy: "name files that co3sim sweep has finished")
      }
      guard bytes.starts(with: Array("cell,cells,".utf8)),
        let end = CSVRecord.end(in: bytes, from: 0)
      else { throw wrong("is no table of a sweep") }
      header = Array(bytes[..<end])
      rows = bytes[end...]
      if bytes[end - 2] != 0x0D {
        throw ScenarioError(
          file: file, rule: "has lines that end in LF, which sweeps do not write",
          remedy: "copy the file as it is, not as text")
      }
      if !header.reversed().starts(with: ",digest\r\n".utf8.reversed()) {
        throw wrong("does not say what sweep it is of: it is of an earlier version of co3sim")
      }
      try readRows(bytes, from: end, wrong)
    }

    private mutating func readRows(
      _ bytes: [UInt8], from first: Int, _ wrong: (String) -> ScenarioError
    ) throws(ScenarioError) {
      var start = first
      while start < bytes.count {
        guard let end = CSVRecord.end(in: bytes, from: start) else {
          throw wrong("ends within a row")
        }
        let row = bytes[start..<end]
        let fields = row.split(separator: 0x2C, maxSplits: 2, omittingEmptySubsequences: false)
        guard fields.count == 3, let cell = Int(String(decoding: fields[0], as: UTF8.self)),
          let cells = Int(String(decoding: fields[1], as: UTF8.self))
        else { throw wrong("has a row without the number of its cell") }
        let digest = Array(row[(row.lastIndex(of: 0x2C) ?? start)...].dropFirst().dropLast(2))
        if count == 0 { (self.first, total, self.digest) = (cell, cells, digest) }
        if cell != self.first + count || cells != total {
          throw wrong(
            "has cell \(cell) of \(cells) where \(self.first + count) of \(total) is expected")
        }
        if digest != self.digest { throw wrong("has rows of several sweeps") }
        count += 1
        start = end
      }
    }
  }
}

extension SweepMerge {
  /// Joins shards into a file.
  ///
  /// - Parameters:
  ///   - files: The files of all shards.
  ///   - output: The file, which is none of the shards.
  /// - Throws: as `merged(_:)`, and for a file that cannot be written.
  public static func write(_ files: [String], to output: String) throws(ScenarioError) {
    let table = try merged(files)
    do {
      try OutputFile.write(
        table, to: output, inputs: files.compactMap { FileIdentity($0) },
        remedy: "choose another file with --output"
      ) { $0.starts(with: Array("cell,cells,".utf8)) }
    } catch {
      throw ScenarioError(error)
    }
  }
}
