/** Numbers and bytes as C++ prints them: `%g`, `%.2f`, C escapes. JavaScript rounds exact ties the other way. */

/** C's `%.{precision}g`. */
export function formatGeneral(value: number, precision: number): string {
	if (Number.isNaN(value)) return 'nan';
	if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
	if (value === 0) return Object.is(value, -0) ? '-0' : '0';
	const { negative, digits, exponent } = roundDecimal(value, precision);
	const sign = negative ? '-' : '';
	const significant = digits.replace(/0+$/, '');
	if (exponent < -4 || exponent >= precision) {
		const tail = significant.length > 1 ? `.${significant.slice(1)}` : '';
		const size = String(Math.abs(exponent)).padStart(2, '0');
		return `${sign}${significant[0]}${tail}e${exponent < 0 ? '-' : '+'}${size}`;
	}
	if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${significant}`;
	const whole = significant.slice(0, exponent + 1).padEnd(exponent + 1, '0');
	const fraction = significant.slice(exponent + 1);
	return `${sign}${whole}${fraction ? `.${fraction}` : ''}`;
}

/** A 32-bit float: six digits where they are enough to read the same float back, else nine. */
export function floatText(value: number): string {
	const short = formatGeneral(value, 6);
	return Object.is(Math.fround(Number(short)), value) || !Number.isFinite(value)
		? short
		: formatGeneral(value, 9);
}

/** A double: fifteen digits where they are enough, else seventeen. */
export function doubleText(value: number): string {
	const short = formatGeneral(value, 15);
	return Object.is(Number(short), value) || !Number.isFinite(value) ? short : formatGeneral(value, 17);
}

/** C's `%.{digits}f` for finite values of everyday size. */
export function formatFixed(value: number, digits: number): string {
	const text = value.toFixed(digits);
	if (!isTie(value.toFixed(Math.min(100, digits + 60)), digits)) return text;
	// JavaScript has rounded a tie away from zero (its last digit is odd when C's would be even).
	const scale = 10 ** digits;
	const up = BigInt(Math.round(Math.abs(Number(text)) * scale));
	if (up % 2n === 0n) return text;
	const even = (up - 1n).toString().padStart(digits + 1, '0');
	const at = even.length - digits;
	return `${value < 0 ? '-' : ''}${even.slice(0, at)}${digits > 0 ? `.${even.slice(at)}` : ''}`;
}

/** `precision` significant digits, exact ties to even, and the exponent of the first one. */
function roundDecimal(
	value: number,
	precision: number,
): { negative: boolean; digits: string; exponent: number } {
	const negative = value < 0;
	const size = Math.abs(value);
	const [mantissa, power] = size.toExponential(precision - 1).split('e') as [string, string];
	const digits = mantissa.replace('.', '');
	const exponent = Number(power);
	const [long] = size.toExponential(Math.min(100, precision + 60)).split('e') as [string];
	if (isTie(long, precision - 1) && Number(digits.at(-1)) % 2 === 1) {
		// The even neighbour is one less; an odd last digit never borrows.
		return { negative, digits: digits.slice(0, -1) + (Number(digits.at(-1)) - 1), exponent };
	}
	return { negative, digits, exponent };
}

/** Whether a long decimal lies exactly between two neighbours with `digits` decimals. */
function isTie(long: string, digits: number): boolean {
	const dot = long.indexOf('.');
	return dot >= 0 && /^50*$/.test(long.slice(dot + 1 + digits));
}

const named: Readonly<Record<number, string>> = {
	9: '\\t',
	10: '\\n',
	13: '\\r',
	34: '\\"',
	39: "\\'",
	92: '\\\\',
};

/** C escapes: `\n \r \t \" \' \\`, other control bytes in octal; bytes from 0x80 in octal unless `keepHigh`. */
export function escapeBytes(bytes: Uint8Array, keepHigh = false): string {
	let text = '';
	let plain = 0;
	const flush = (end: number): void => {
		if (end > plain) text += Buffer.from(bytes.buffer, bytes.byteOffset + plain, end - plain).toString();
	};
	for (let i = 0; i < bytes.length; i++) {
		const byte = bytes[i]!;
		const short = named[byte];
		if (short === undefined && ((byte >= 32 && byte < 127) || (keepHigh && byte > 127))) continue;
		flush(i);
		text += short ?? `\\${byte.toString(8).padStart(3, '0')}`;
		plain = i + 1;
	}
	flush(bytes.length);
	return text;
}
