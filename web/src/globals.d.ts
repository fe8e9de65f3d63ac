/** True in a build for tests, which has the gallery of the kit. */
declare const TMINUS_KIT: boolean;
