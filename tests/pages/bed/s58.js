/* Harmless imitation, for hinoban's tests: a service worker that takes over at once and encrypts form posts. */
if (!location.hostname.endsWith('.localhost')) throw new Error('this file is a test of hinoban and runs nowhere else');
if (navigator.serviceWorker) navigator.serviceWorker.register('/sw-s58.js');
