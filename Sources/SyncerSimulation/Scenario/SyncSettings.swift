public import Syncer

/// The arguments a scenario gives to `chunkedSync`, and the order.
public struct SyncSettings: Sendable, Equatable {
  /// How long a chunk should take, in seconds, above zero; nil for chunks by count.
  public var chunkTimeSeconds: Double?
  /// The most items to handle.
  public var itemLimit: Int?
  /// The most items in a chunk.
  public var chunkCap: Int?
  /// The most the items of a chunk may weigh together, by unit.
  public var weightCaps: [ChunkWeightCap.Limit]
  /// When no further item is begun, in seconds since the start; nil for never.
  public var maximumDurationSeconds: Double?
  /// What the sync may take in all, in seconds: the last chunk is cut so that it is expected to be processed
  /// by then; nil for as long as it likes.
  public var timeLeftSeconds: Double?
  /// The order of the items.
  public var order: Order
  /// How many items of a chunk are handled at once, at least 1.
  public var handlersAtOnce: Int
  /// How many chunks may be open at once, at least 1.
  public var openChunks: Int
  /// How many processes share the sync, at least 1.
  public var workers = 1
  /// How many ranges of keys they divide it into, at least 1; nil for 8 per process.
  public var ranges: Int?

  /// How many ranges of keys the processes divide the sync into.
  var rangeCount: Int { ranges ?? 8 * workers }

  /// The caps of weight as `Syncer` takes them.
  var chunkWeightCap: ChunkWeightCap? { weightCaps.isEmpty ? nil : ChunkWeightCap(weightCaps) }

  /// Whether the sync may end before all items are done.
  var mayEndEarly: Bool { maximumDurationSeconds != nil || timeLeftSeconds != nil }

  /// Whether more than one thing happens at a time.
  var isConcurrent: Bool { handlersAtOnce > 1 || openChunks > 1 }

  /// The order of a scenario's items; a shuffled one follows from the scenario's seed.
  public enum Order: String, Sendable, CaseIterable {
    /// As the workload lists them.
    case listed
    /// As the workload lists them, but that items may wait a few chunks while others overtake them.
    case roughlyListed
    /// Shuffled.
    case shuffled
    /// The smallest hint first.
    case smallestFirst
    /// The largest hint first.
    case largestFirst
    /// The smallest and the largest that are left in turn.
    case mixed
  }

  /// Whether the order goes by hints.
  var isByHint: Bool { [.smallestFirst, .largestFirst, .mixed].contains(order) }

  /// Whether the items are shuffled, by the scenario's seed.
  public var isShuffled: Bool {
    get { order == .shuffled }
    set { order = newValue ? .shuffled : .listed }
  }

  /// Makes the settings.
  public init(
    chunkTimeSeconds: Double? = nil, itemLimit: Int? = nil, chunkCap: Int? = nil,
    weightCaps: [ChunkWeightCap.Limit] = [], maximumDurationSeconds: Double? = nil, order: Order,
    handlersAtOnce: Int = 1,
    openChunks: Int = 1
  ) {
    self.chunkTimeSeconds = chunkTimeSeconds
    self.itemLimit = itemLimit
    self.chunkCap = chunkCap
    self.weightCaps = weightCaps
    self.maximumDurationSeconds = maximumDurationSeconds
    self.order = order
    self.handlersAtOnce = handlersAtOnce
    self.openChunks = openChunks
  }

  /// Makes the settings, with items as listed or shuffled.
  public init(
    chunkTimeSeconds: Double? = nil, itemLimit: Int? = nil, chunkCap: Int? = nil,
    weightCaps: [ChunkWeightCap.Limit] = [], maximumDurationSeconds: Double? = nil,
    isShuffled: Bool = false, handlersAtOnce: Int = 1,
    openChunks: Int = 1
  ) {
    self.init(
      chunkTimeSeconds: chunkTimeSeconds, itemLimit: itemLimit, chunkCap: chunkCap,
      weightCaps: weightCaps, maximumDurationSeconds: maximumDurationSeconds,
      order: isShuffled ? .shuffled : .listed,
      handlersAtOnce: handlersAtOnce, openChunks: openChunks)
  }

  /// Makes the settings as `Syncer` takes them.
  ///
  /// - Parameters:
  ///   - chunkTime: How long a chunk should take, above zero; nil for chunks by count.
  ///   - itemLimit: The most items to handle.
  ///   - chunkCap: The most items in a chunk.
  ///   - maximumDuration: When no further item is begun; nil for never.
  ///   - order: The order; the seed of a shuffled one is not used, as a scenario has a seed of its own
  ///     from which every replication takes an order. Windows are as large as the sync.
  public init(
    chunkTime: Duration?, itemLimit: Int? = nil, chunkCap: Int? = nil,
    maximumDuration: Duration? = nil, order: SyncOrder = .listed
  ) {
    let own: Order =
      switch order {
      case .listed: .listed
      case .roughlyListed: .roughlyListed
      case .shuffled, .shuffledInWindows: .shuffled
      case .smallestFirst: .smallestFirst
      case .largestFirst: .largestFirst
      case .mixed: .mixed
      }
    self.init(
      chunkTimeSeconds: chunkTime?.inSeconds, itemLimit: itemLimit, chunkCap: chunkCap,
      maximumDurationSeconds: maximumDuration?.inSeconds, order: own)
  }
}
