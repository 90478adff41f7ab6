/** How one layout of the shell ends: with the exit code of the process, or because the other layout was set. */
export type Ending = number | 'other layout';
