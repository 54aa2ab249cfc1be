/** Preloaded: the clock stands `FORGE_TEST_CLOCK_AHEAD` milliseconds ahead. */
const ahead = Number(process.env.FORGE_TEST_CLOCK_AHEAD);
const RealDate = Date;
globalThis.Date = class extends RealDate {
  constructor(...parts) {
    if (parts.length === 0) super(RealDate.now() + ahead);
    else super(...parts);
  }

  static now() {
    return RealDate.now() + ahead;
  }
};
