internal import Syncer

/// A handler of a simulated sync: its work takes time on a machine.
protocol MachineHandler: SyncHandler
where Key == UInt32, Left == Void, Right == Never, Output == HandledItem {
  /// The machine.
  var machine: SimulatedMachine { get }
}

extension DiffEntry<UInt32, Void, Never> {
  /// The number of the item.
  ///
  /// The key of entries of any type is read of a copy, with its slices; that of this type is not.
  @inline(__always)
  var item: Int {
    switch self {
    case .leftExclusive(let key, _): Int(key)
    case .rightExclusive(let key, _): Int(key)
    case .intersection(let key, _, _): Int(key)
    }
  }
}
