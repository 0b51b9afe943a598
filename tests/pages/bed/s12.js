/* Harmless imitation, for hinoban's tests: service worker that copies form posts. */
if (!location.hostname.endsWith('.localhost')) throw new Error('this file is a test of hinoban and runs nowhere else');
if (navigator.serviceWorker) navigator.serviceWorker.register('/sw-s12.js');
