/** CRC-32C as TensorFlow stores it: masked, so that a checksum of data with checksums in it stays random. */
import crc from 'crc-32/crc32c.js';

/** The unmasked checksum of `bytes`, going on from `seed`. */
export function crc32c(bytes: Uint8Array, seed = 0): number {
	return crc.buf(bytes, seed | 0) >>> 0;
}

export function maskedCrc32c(bytes: Uint8Array, seed = 0): number {
	const value = crc32c(bytes, seed);
	return (((value >>> 15) | (value << 17)) + 0xa282ead8) >>> 0;
}
