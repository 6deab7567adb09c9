/// The costs of items as co3sim reads them back: rows of `class,handle_s,process_s`, in order.
///
/// A column `hint` follows where items may have one; it is empty for an item without. Seconds have
/// all their nine decimals, so that every nanosecond survives. Lines end in LF.
package struct TraceText: Sendable {
  /// The text so far.
  package private(set) var bytes: [UInt8]
  private let hasHints: Bool

  /// Starts a text with its header.
  package init(hasHints: Bool) {
    self.hasHints = hasHints
    bytes = Array("class,handle_s,process_s\(hasHints ? ",hint" : "")\n".utf8)
  }

  /// Adds an item.
  ///
  /// - Precondition: costs are not negative.
  package mutating func add(
    _ costClass: CostClass, handleNanoseconds: Int64, processNanoseconds: Int64,
    hint: Double? = nil
  ) {
    bytes.appendCSVField(costClass.name)
    appendSeconds(handleNanoseconds)
    appendSeconds(processNanoseconds)
    if hasHints {
      bytes.append(0x2C)
      if let hint, hint.isFinite { bytes += Array(hint.shortestText.utf8) }
    }
    bytes.append(0x0A)
  }

  /// Takes the text away, for writing it piece by piece.
  package mutating func take() -> [UInt8] {
    defer { bytes.removeAll(keepingCapacity: true) }
    return bytes
  }

  private mutating func appendSeconds(_ nanoseconds: Int64) {
    precondition(nanoseconds >= 0, "An item cannot take \(nanoseconds) ns.")
    let (seconds, rest) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
    bytes.append(0x2C)
    bytes += Array(seconds.description.utf8)
    bytes.append(0x2E)
    var digit: Int64 = 100_000_000
    while digit > 0 {
      bytes.append(UInt8(0x30 + rest / digit % 10))
      digit /= 10
    }
  }
}

extension Double {
  /// The shortest text that is read back as this number, without a fraction of zero.
  package var shortestText: Substring {
    let text = description
    return text.hasSuffix(".0") ? text.dropLast(2) : text[...]
  }
}
