internal import CGSL
internal import Syncer

/// A stream of random numbers for one purpose, from GSL's `taus2` generator.
///
/// Every purpose (the costs of a class, the order, the load) has a stream of its own, seeded from
/// the scenario's seed, the purpose's name and the replication. A draw added in one place
/// therefore moves nothing elsewhere.
///
/// `taus2` because it is the fastest of GSL's generators here and has 24 bytes of state.
struct RandomStream: ~Copyable {
  let generator: UnsafeMutablePointer<gsl_rng>

  init(seed: UInt64, purpose: String, replication: Int) {
    GSLErrors.areReturned
    guard let generator = gsl_rng_alloc(co3_gsl_taus2()) else {
      preconditionFailure("GSL could not allocate a random number generator of 24 bytes.")
    }
    gsl_rng_set(
      generator,
      UInt(RandomStream.generatorSeed(seed: seed, purpose: purpose, replication: replication)))
    self.generator = generator
  }

  deinit {
    gsl_rng_free(generator)
  }

  /// A seed from 1 to 2^32 - 1: GSL uses 32 bits, and takes 0 for another seed.
  static func generatorSeed(seed: UInt64, purpose: String, replication: Int) -> UInt64 {
    wideSeed(seed: seed, purpose: purpose, replication: replication) % 0xFFFF_FFFF + 1
  }

  /// 64 well-mixed bits of the seed, the purpose's name and the replication.
  static func wideSeed(seed: UInt64, purpose: String, replication: Int) -> UInt64 {
    // FNV-1a over the name; SplitMix64 then mixes in the numbers.
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in purpose.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    var mixer = SplitMix64(seed: seed)
    var second = SplitMix64(seed: mixer.next() ^ hash)
    var third = SplitMix64(seed: second.next() &+ UInt64(bitPattern: Int64(replication)))
    return third.next()
  }

  /// A real number from 0, inclusive, to 1, exclusive.
  func uniform() -> Double {
    gsl_rng_uniform(generator)
  }
}
