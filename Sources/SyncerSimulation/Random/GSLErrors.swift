internal import CGSL

/// What GSL does where a result does not exist: by default it ends the process.
enum GSLErrors {
  /// Lets GSL's functions return infinity, NaN or a status instead; reading it once is enough.
  static let areReturned: Void = {
    gsl_set_error_handler_off()
  }()
}
