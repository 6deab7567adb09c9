/// A class of items with similar cost, such as a file extension, a table or a job type.
///
/// Schedulers learn an estimate per class. Classes are compared by name.
public struct CostClass: Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
  /// The name of the class, as it appears in reports.
  public let name: String

  /// Creates a class from its name.
  @inlinable
  public init(_ name: String) {
    self.name = name
  }

  @inlinable
  public init(stringLiteral name: String) {
    self.name = name
  }

  public var description: String { name }

  @inlinable
  public static func == (left: CostClass, right: CostClass) -> Bool { left.name == right.name }
}

extension Membership {
  /// The default class of an entry: its membership.
  @inlinable public var costClass: CostClass {
    @inline(__always) get {
      switch self {
      case .leftExclusive: "left-exclusive"
      case .rightExclusive: "right-exclusive"
      case .intersection: "intersection"
      }
    }
  }
}

/// The properties of an item that a scheduler knows before it is handled.
public struct ItemProfile: Sendable, Equatable {
  /// The number of the item's cost class, from 0.
  ///
  /// Classes known before the sync come first, then others in the order the sync met them.
  public var classIndex: Int
  /// A size known before the work (bytes, seconds of audio), in the unit of the class, above zero;
  /// nil without a hint.
  ///
  /// Only proportions matter: the scheduler learns seconds per unit.
  public var hint: Double?

  /// Creates a profile.
  @inlinable
  public init(classIndex: Int, hint: Double? = nil) {
    self.classIndex = classIndex
    self.hint = hint
  }

  /// The units of work of the item: its hint, or 1 without one.
  @inlinable
  public var units: Double { hint ?? 1 }

  /// The hint a handler gave, nil for one that says nothing.
  ///
  /// One of more than 10^100, or less than its inverse, counts as that: the squares of sums stay numbers.
  @inlinable @inline(__always)
  package static func valid(_ hint: Double?) -> Double? {
    guard let hint, hint > 0 && hint.isFinite else { return nil }
    return min(max(hint, 1e-100), 1e100)
  }
}

/// Numbers cost classes in the order they are first met.
@usableFromInline
struct CostClassTable: Sendable {
  @usableFromInline private(set) var classes: [CostClass] = []
  /// The class asked for last, likely that of the next item.
  @usableFromInline var latest: CostClass?
  @usableFromInline var latestIndex = 0
  /// Numbers by hash, with the free places (-1) that end a search; at most half full.
  private var slots = [Int](repeating: -1, count: 32)

  /// Makes a table in which some classes have a number already.
  @usableFromInline
  init(_ known: [CostClass] = []) {
    for costClass in known { _ = search(for: costClass) }
  }

  /// The number of the class.
  @inlinable @inline(__always)
  mutating func index(of costClass: CostClass) -> Int {
    if costClass != latest {
      latestIndex = search(for: costClass)
      latest = costClass
    }
    return latestIndex
  }

  @usableFromInline
  mutating func search(for costClass: CostClass) -> Int {
    var slot = place(of: costClass)
    while slots[slot] >= 0 {
      if classes[slots[slot]] == costClass { return slots[slot] }
      slot = (slot + 1) & (slots.count - 1)
    }
    let index = classes.count
    classes.append(costClass)
    slots[slot] = index
    if 2 * classes.count > slots.count { grow() }
    return index
  }

  /// Where a search begins: words of the name, not bytes, as items of different classes may follow
  /// each other.
  private func place(of costClass: CostClass) -> Int {
    var name = costClass.name
    let hash: UInt64? = name.withUTF8 { name in
      let bytes = UnsafeRawBufferPointer(name)
      var hash = UInt64(bytes.count)
      var allBits: UInt64 = 0
      func add(_ word: UInt64) {
        allBits |= word
        hash = (hash ^ word) &* 0x9E37_79B9_7F4A_7C15
        hash ^= hash >> 32
      }
      var start = 0
      while bytes.count - start > 8 {
        add(bytes.loadUnaligned(fromByteOffset: start, as: UInt64.self))
        start += 8
      }
      // The last words may overlap those before them.
      if bytes.count >= 8 {
        add(bytes.loadUnaligned(fromByteOffset: bytes.count - 8, as: UInt64.self))
      } else if bytes.count >= 4 {
        let first = bytes.loadUnaligned(as: UInt32.self)
        let last = bytes.loadUnaligned(fromByteOffset: bytes.count - 4, as: UInt32.self)
        add(UInt64(first) << 32 | UInt64(last))
      } else {
        for byte in bytes { add(UInt64(byte)) }
      }
      return allBits & 0x8080_8080_8080_8080 == 0 ? hash : nil
    }
    // Beyond ASCII equal names may have different bytes. Where a number stands tells nobody which.
    return (hash.map { Int(truncatingIfNeeded: $0) } ?? name.hashValue) & (slots.count - 1)
  }

  private mutating func grow() {
    slots = [Int](repeating: -1, count: 4 * slots.count)
    for (index, costClass) in classes.enumerated() {
      var slot = place(of: costClass)
      while slots[slot] >= 0 { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = index
    }
  }
}
