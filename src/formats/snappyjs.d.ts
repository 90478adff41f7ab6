declare module 'snappyjs' {
	const snappy: {
		/** @param limit largest size that the result may have. @throws when it is larger or the data is damaged. */
		uncompress(compressed: Uint8Array, limit?: number): Uint8Array;
		compress(data: Uint8Array): Uint8Array;
	};
	export default snappy;
}
