export declare const digestFile: string;
export declare function shownDigest(): string;
