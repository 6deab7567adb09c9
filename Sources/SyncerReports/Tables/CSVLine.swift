internal import SafeOutput
internal import Syncer
internal import SyncerSimulation

/// One line of a CSV file: RFC 4180, a point for the decimals, shortest exact numbers.
struct CSVLine {
  private(set) var bytes: [UInt8] = []
  private var isAtStart = true

  init() {}

  init(_ fields: [String]) {
    for field in fields { add(field) }
  }

  /// A text, in one line and without anything that a terminal would obey: not every program that
  /// reads tables knows of line ends within fields.
  mutating func add(_ text: String) {
    separate()
    bytes.appendCSVField(text.visible)
  }

  mutating func add(_ number: Int) {
    separate()
    bytes.append(contentsOf: number.description.utf8)
  }

  /// A number; empty for nil and for what is no finite number.
  mutating func add(_ number: Double?) {
    separate()
    guard let number, number.isFinite else { return }
    bytes.append(contentsOf: number.shortestText.utf8)
  }

  mutating func end() {
    bytes.append(0x0D)
    bytes.append(0x0A)
    isAtStart = true
  }

  mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
    isAtStart = true
  }

  private mutating func separate() {
    if !isAtStart { bytes.append(0x2C) }
    isAtStart = false
  }
}
