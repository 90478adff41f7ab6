/** What random generators draw with. */
import type { RandomSource } from '../../src/graph/random.ts';

export interface Choices {
	/** An integer from 0 to `limit` − 1. */
	below(limit: number): number;
	chance(probability: number): boolean;
	one<T>(items: readonly T[]): T;
	shuffled<T>(items: readonly T[]): T[];
}

export function choices(random: RandomSource): Choices {
	const below = (limit: number): number => Math.floor(random() * limit);
	return {
		below,
		chance: (probability) => random() < probability,
		one: (items) => items[below(items.length)]!,
		shuffled(items) {
			const result = [...items];
			for (let i = result.length - 1; i > 0; i--) {
				const j = below(i + 1);
				[result[i], result[j]] = [result[j]!, result[i]!];
			}
			return result;
		},
	};
}
