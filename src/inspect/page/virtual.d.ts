/** What the build puts into the page. */
declare module 'forge:rules' {
  /** Text of the headings that steps lead to, by their anchors; made of pages that ship. */
  export const rules: Readonly<Record<string, { readonly title: string; readonly html: string }>>;
}
declare module '*.css';
