/** A certificate for broken.invalid that ended on 2000-01-01, in base64 of DER: the negative control of `tls`. Its key was thrown away. */
export const expiredCertificate = [
  'MIIBRTCB66ADAgECAgECMAoGCCqGSM49BAMCMCAxHjAcBgNVBAMTFVRtaW51cyB0',
  'ZXN0IGF1dGhvcml0eTAeFw05OTAxMDEwMDAwMDBaFw0wMDAxMDEwMDAwMDBaMBkx',
  'FzAVBgNVBAMTDmJyb2tlbi5pbnZhbGlkMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcD',
  'QgAEGzFNWuRK2/Ita+fIMyngIHscHoyo3E9nW8kxsnsZAhdgD328EXPwJn2WZlGd',
  'nvrJTXNjU0d7hCQY2gCZWsAZbqMdMBswGQYDVR0RBBIwEIIOYnJva2VuLmludmFs',
  'aWQwCgYIKoZIzj0EAwIDSQAwRgIhAPdnH1TB/VErwDBWtGNmLsI/I0adycXg5S0r',
  'Yks2oVHvAiEAoNasw482nEYonERbD1ywkeSyU/YwwoYa2XPIt2npJyk=',
].join('');
