internal import Syncer

/// A handler of a simulated sync: its work takes time on a machine.
protocol MachineHandler: SyncHandler
where Key == UInt32, Left == Void, Right == Never, Output == HandledItem {
  /// The machine.
  var machine: SimulatedMachine { get }
}
