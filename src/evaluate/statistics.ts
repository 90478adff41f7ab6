/** Figures of repeated measurements, and their text as TensorFlow's tool prints it (spec: benchmark 10.4). */
import { formatGeneral } from '../graph/number-text.ts';

export class Statistic {
	#count = 0;
	#first = 0;
	#newest = 0;
	#min = Number.POSITIVE_INFINITY;
	#max = Number.NEGATIVE_INFINITY;
	#sum = 0;
	#squares = 0;

	add(value: number): void {
		if (this.#count === 0) this.#first = value;
		this.#count += 1;
		this.#newest = value;
		this.#min = Math.min(this.#min, value);
		this.#max = Math.max(this.#max, value);
		this.#sum += value;
		this.#squares += value * value;
	}

	get count(): number {
		return this.#count;
	}

	get first(): number {
		return this.#first;
	}

	get newest(): number {
		return this.#newest;
	}

	get min(): number {
		return this.#min;
	}

	get max(): number {
		return this.#max;
	}

	get sum(): number {
		return this.#sum;
	}

	/** 0 without measurements. */
	get mean(): number {
		return this.#count === 0 ? 0 : this.#sum / this.#count;
	}

	/** Of the measurements themselves, not of a population; a whole number, as the tool has it. */
	get deviation(): number {
		const { mean } = this;
		return Math.trunc(
			Math.sqrt(Math.max(0, Math.trunc(this.#squares / Math.max(1, this.#count) - mean * mean))),
		);
	}

	/** `count=3 first=… curr=… min=… max=… avg=… std=…` */
	get text(): string {
		if (this.#count === 0) return 'count=0';
		if (this.#min === this.#max) {
			const same = this.#count > 1 ? '(all same)' : '';
			return `count=${this.#count} curr=${this.#newest}${same}`;
		}
		const average = formatGeneral(this.mean, 6);
		return `count=${this.#count} first=${this.#first} curr=${this.#newest} min=${this.#min} max=${this.#max} avg=${average} std=${this.deviation}`;
	}
}
