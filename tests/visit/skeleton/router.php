<?php
/*
 * Skeletons of shops' checkouts: our own pages with the ids, names and addresses that the shops'
 * templates have (the journeys in profiles/journeys say where those stand), and no shop behind
 * them. SKELETON_KIND says which; every request goes to SKELETON_LOG.
 */
$kind = getenv('SKELETON_KIND');
$path = parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);
$post = $_SERVER['REQUEST_METHOD'] === 'POST';
file_put_contents(getenv('SKELETON_LOG'), $_SERVER['REQUEST_METHOD'] . ' ' . $_SERVER['REQUEST_URI'] . ' ' .
	str_replace("\n", ' ', urldecode(file_get_contents('php://input'))) . "\n", FILE_APPEND | LOCK_EX);

function page(string $body, string $script = ''): never
{
	header('Content-Type: text/html; charset=utf-8');
	echo '<!doctype html><meta charset="utf-8"><title>skeleton</title><link rel="icon" href="data:,">', $body,
		$script ? "<script>$script</script>" : '';
	exit;
}

function go(string $to): never
{
	header("Location: $to", true, 302);
	exit;
}

function inputs(array $names): string
{
	return implode('', array_map(fn ($n) => "<p><input name=\"$n\" autocomplete=\"off\"></p>", $names));
}

function choice(string $attributes, array $options): string
{
	$out = "<select $attributes><option value=\"\">-</option>";
	foreach ($options as $value => $text)
		$out .= "<option value=\"$value\">$text</option>";
	return "$out</select>";
}

function prefectures(string $attributes, string $tokyo): string
{
	return choice($attributes, ['x' => '大阪府', $tokyo => '東京都']);
}

function months(string $attributes, string $form = '%02d'): string
{
	$all = array_map(fn ($m) => sprintf($form, $m), range(1, 12));
	return choice($attributes, array_combine($all, $all));
}

function years(string $attributes, bool $short = false): string
{
	$all = array_map(fn ($y) => $short ? $y % 100 : $y, range((int)date('Y'), date('Y') + 10));
	return choice($attributes, array_combine($all, $all));
}

const SEND = 'const send=(u,b)=>fetch(u,{method:"POST",body:b||"",headers:{"Content-Type":"application/x-www-form-urlencoded"}})' .
	'.catch(()=>0);const $=(s)=>document.querySelector(s);const form=(s)=>new URLSearchParams(new FormData($(s)));';

function ec_cube4(string $path, bool $post): void
{
	match (true) {
		$path === '/products/list' => page('<ul class="ec-shelfGrid"><li class="ec-shelfGrid__item"><a href="/products/detail/1"><p>tea</p></a></li></ul>'),
		$path === '/products/detail/1' => page('<form action="/products/add_cart/1" method="post" id="form1"><button type="submit" ' .
			'class="ec-blockBtn--action add-cart">cart</button></form><div class="ec-modal"></div>',
			SEND . '$("#form1").onsubmit=(e)=>{e.preventDefault();send("/products/add_cart/1","quantity=1")}'),
		$path === '/cart' => page('<div class="ec-cartRole__actions"><a class="ec-blockBtn--action" href="/cart/buystep/1_1">buy</a></div>'),
		str_starts_with($path, '/cart/buystep/') => go('/shopping/login'),
		$path === '/shopping/login' => page('<a href="/shopping/nonmember">guest</a>'),
		$path === '/shopping/nonmember' && $post => go('/shopping'),
		$path === '/shopping/nonmember' => page('<form method="post" action="/shopping/nonmember" novalidate>' . inputs(['nonmember[name][name01]',
			'nonmember[name][name02]', 'nonmember[kana][kana01]', 'nonmember[kana][kana02]', 'nonmember[postal_code]']) .
			prefectures('name="nonmember[address][pref]"', '13') . inputs(['nonmember[address][addr01]', 'nonmember[address][addr02]',
			'nonmember[phone_number]', 'nonmember[email][first]', 'nonmember[email][second]']) . '<button type="submit">next</button></form>'),
		$path === '/shopping' => page('<form id="shopping-form" method="post" action="/shopping/confirm"><input type="radio" name="shopping_order[Payment]" ' .
			'value="1" checked><input id="card_no" name="card_no" inputmode="numeric">' . months('id="card_expire_month" name="card_expire_month"') .
			years('id="card_expire_year" name="card_expire_year"', true) . '<input id="security_code" name="security_code"><button type="submit">confirm</button></form>'),
		default => null,
	};
}

function ec_cube2(string $path, bool $post): void
{
	$form = '<form name="form1" id="form1" method="post" action="?">';
	$image = fn ($name, $id) => "<input type=\"image\" alt=\"next\" name=\"$name\" id=\"$id\" src=\"data:,\" width=\"80\" height=\"20\">";
	match (true) {
		$path === '/products/list.php' => page('<a href="/products/detail.php?product_id=1">tea</a>'),
		$path === '/products/detail.php' && $post => go('/cart/'),
		$path === '/products/detail.php' => page($form . '<div class="cartin_btn"><div id="cartbtn_default"><a href="javascript:void(document.form1.submit())">cart</a></div></div></form>'),
		$path === '/cart/' && $post => go('/shopping/'),
		$path === '/cart/' => page('<form name="form1" id="form1" method="post" action="?"><input type="hidden" name="mode" value="confirm">' . $image('confirm', 'c') . '</form>'),
		$path === '/shopping/' && ($_POST['mode'] ?? '') === 'nonmember' => page($form . '<input type="hidden" name="mode" value="nonmember_confirm">' .
			inputs(['order_name01', 'order_name02', 'order_kana01', 'order_kana02', 'order_zip01', 'order_zip02']) . prefectures('name="order_pref"', '13') .
			inputs(['order_addr01', 'order_addr02', 'order_tel01', 'order_tel02', 'order_tel03', 'order_email', 'order_email02']) .
			'<input type="radio" name="order_sex" value="1"><input type="radio" name="order_sex" value="2">' . $image('singular', 'singular') . '</form>'),
		$path === '/shopping/' && $post => go('/shopping/payment.php'),
		$path === '/shopping/' => page('<form id="member_form2" method="post" action="?"><input type="hidden" name="mode" value="nonmember">' . $image('buystep', 'buystep') . '</form>'),
		$path === '/shopping/payment.php' && isset($_POST['deliv_id']) && ($_POST['mode'] ?? '') === 'select_deliv' => page(''),
		$path === '/shopping/payment.php' && $post => go('/shopping/confirm.php'),
		$path === '/shopping/payment.php' => page($form . '<input type="radio" id="deliv_1" name="deliv_id" value="1"><div id="p" hidden><input type="radio" id="pay_1" ' .
			'name="payment_id" value="5"></div>' . $image('next', 'next') . '</form>',
			SEND . '$("#deliv_1").onclick=()=>send("/shopping/payment.php","mode=select_deliv&deliv_id=1").then(()=>{$("#p").hidden=false})'),
		$path === '/shopping/confirm.php' && $post => go('/shopping/load_payment_module.php'),
		$path === '/shopping/confirm.php' => page($form . $image('next-top', 'next-top') . '</form>'),
		$path === '/shopping/load_payment_module.php' => page('<form id="form1" method="post" action="/shopping/load_payment_module.php"><input name="card_no01">' .
			months('name="card_month"') . years('name="card_year"', true) . '<input name="security_code">' . $image('next', 'next') . '</form>'),
		default => null,
	};
}

const WOO_PRODUCTS = '<ul class="products"><li class="product"><a href="/product/tea/" class="woocommerce-LoopProduct-link woocommerce-loop-product__link">tea</a></li></ul>';

function woo(string $path, bool $post, string $checkout, string $script): void
{
	match (true) {
		isset($_GET['wc-ajax']) && $_GET['wc-ajax'] === 'update_order_review' => page('{}'),
		$path === '/' => page(WOO_PRODUCTS),
		$path === '/product/tea/' => page('<form class="cart" method="post"><button type="submit" name="add-to-cart" value="1" ' .
			'class="single_add_to_cart_button button alt">cart</button></form>'),
		$path === '/checkout/' => page($checkout, SEND . $script),
		default => null,
	};
}

function wordpress(string $path, bool $post): void
{
	$id = fn ($n) => "<p><input id=\"$n\" name=\"$n\"></p>";
	woo($path, $post, '<form name="checkout" class="checkout woocommerce-checkout" method="post">' . implode('', array_map($id, ['billing_last_name',
		'billing_first_name', 'billing_postcode'])) . prefectures('id="billing_state" name="billing_state"', 'JP13') . implode('', array_map($id, ['billing_city',
		'billing_address_1', 'billing_phone', 'billing_email'])) . '<div id="payment"><fieldset class="wc-credit-card-form"><input id="x-card-number" name="x-card-number" ' .
		'class="input-text wc-credit-card-form-card-number" type="tel" autocomplete="cc-number"><input name="x-card-expiry" class="wc-credit-card-form-card-expiry" type="tel">' .
		'<input name="x-card-cvc" class="wc-credit-card-form-card-cvc" type="tel"></fieldset><button type="submit" name="woocommerce_checkout_place_order" id="place_order">order</button></div></form>',
		'$("form.checkout").onsubmit=(e)=>{e.preventDefault();send("/?wc-ajax=checkout",form("form.checkout"))};$("#billing_state").onchange=()=>send("/?wc-ajax=update_order_review")');
}

/* The block's fields are made by script, some time after the page is loaded. */
function wordpress_block(string $path, bool $post): void
{
	$id = fn ($n) => "<p><input id=\"$n\"></p>";
	$fields = $id('email') . implode('', array_map($id, ['shipping-last_name', 'shipping-first_name', 'shipping-postcode'])) . prefectures('id="shipping-state"', 'JP13') .
		implode('', array_map($id, ['shipping-city', 'shipping-address_1', 'shipping-phone', 'billing-phone'])) . '<input autocomplete="cc-number"><input autocomplete="cc-exp">' .
		'<input autocomplete="cc-csc"><button type="button" class="wc-block-components-button wc-block-components-checkout-place-order-button">order</button>';
	woo($path, $post, '<div class="wp-block-woocommerce-checkout"></div>', 'setTimeout(()=>{$("div").innerHTML=' . json_encode($fields) .
		';$("button").onclick=()=>send("/wp-json/wc/store/v1/checkout","card="+$("[autocomplete=cc-number]").value)},700)');
}

function magento2(string $path, bool $post): void
{
	match (true) {
		$path === '/' => page('<strong class="product name product-item-name"><a class="product-item-link" href="/tea.html">tea</a></strong>'),
		$path === '/tea.html' => page('<form id="product_addtocart_form"><button type="submit" class="action primary tocart" id="product-addtocart-button">cart</button></form>',
			SEND . '$("form").onsubmit=(e)=>{e.preventDefault();send("/checkout/cart/add/","product=1")}'),
		$path === '/checkout/' => page('<li id="shipping"><input id="customer-email" type="email" name="username"></li><form id="co-shipping-form">' .
			inputs(['firstname', 'lastname', 'street[0]', 'city', 'region', 'postcode']) . choice('name="country_id"', ['US' => 'United States', 'JP' => 'Japan']) . inputs(['telephone']) .
			'</form><li id="opc-shipping_method"></li><div id="p"></div>', SEND .
			'setTimeout(()=>{$("#opc-shipping_method").innerHTML=\'<form id="co-shipping-method-form"><input type="radio" name="ko_unique_1" value="flat">' .
			'<div id="shipping-method-buttons-container"><button data-role="opc-continue" type="submit">next</button></div></form>\';$("#co-shipping-method-form").onsubmit=(e)=>{' .
			'e.preventDefault();send("/rest/default/V1/guest-carts/abc/shipping-information",form("#co-shipping-form")).then(()=>{location.hash="payment";$("#p").innerHTML=' .
			json_encode('<div class="payment-method"><input type="radio" name="payment[method]" value="x"><input type="number" name="payment[cc_number]">' .
			months('name="payment[cc_exp_month]"', '%d') . years('name="payment[cc_exp_year]"') . '<input type="number" name="payment[cc_cid]">' .
			'<button class="action primary checkout" type="button">Place Order</button></div>') .
			';$("#p input").onclick=()=>$(".payment-method").classList.add("_active");$("button.checkout").onclick=()=>send("/rest/default/V1/guest-carts/abc/payment-information","n=" +' .
			'$("[name=\'payment[cc_number]\']").value)})}},600)'),
		default => null,
	};
}

function openmage(string $path, bool $post): void
{
	$buttons = fn ($id, $to) => "<div class=\"buttons-set\" id=\"$id\"><button type=\"button\" class=\"button\" onclick=\"next('$to')\">Continue</button></div>";
	$billing = '<form id="co-billing-form">';
	foreach (['firstname', 'lastname', 'email', 'street1', 'city', 'region', 'postcode', 'telephone'] as $n)
		$billing .= "<p><input id=\"billing:$n\" name=\"billing[$n]\"></p>";
	$parts = ['login' => '<input type="radio" name="checkout_method" id="login:register" value="register"><input type="radio" name="checkout_method" id="login:guest" value="guest">' .
			'<button type="button" class="button" onclick="checkout.setMethod();">Continue</button>',
		'billing' => $billing . choice('id="billing:country_id" name="billing[country_id]"', ['US' => 'United States', 'JP' => 'Japan']) . '</form>' . $buttons('billing-buttons-container', 'saveBilling'),
		'shipping' => '<input type="radio" name="shipping_method" value="flat" id="s_method_flat">' . $buttons('shipping-method-buttons-container', 'saveShippingMethod'),
		'payment' => '<form id="co-payment-form"><input id="p_method_cc" type="radio" name="payment[method]" value="cc" onclick="document.getElementById(\'payment_form_cc\').hidden=false">' .
			'<ul id="payment_form_cc" hidden>' . choice('name="payment[cc_type]"', ['AE' => 'American Express', 'VI' => 'Visa']) . '<input name="payment[cc_number]" id="cc_cc_number">' .
			months('name="payment[cc_exp_month]"', '%d') . years('name="payment[cc_exp_year]"') . '<input name="payment[cc_cid]"></ul></form>' . $buttons('payment-buttons-container', 'savePayment')];
	match (true) {
		$path === '/' => page('<ul class="products-grid"><li><h3 class="product-name"><a href="/tea.html">tea</a></h3></li></ul>'),
		$path === '/tea.html' && $post => go('/checkout/cart/'),
		$path === '/tea.html' => page('<form method="post" id="product_addtocart_form"><button type="submit" class="button btn-cart">cart</button></form>'),
		$path === '/checkout/onepage/' => page('<div id="o"></div>', SEND . 'const parts=' . json_encode($parts) . ';const show=(p)=>{$("#o").innerHTML=parts[p]};' .
			'const after={saveBilling:"shipping",saveShippingMethod:"payment"};const checkout={setMethod(){if($("[id=\'login:guest\']").checked)send("/checkout/onepage/saveMethod/").then(()=>show("billing"))}};' .
			'const next=(to)=>send("/checkout/onepage/"+to+"/",$("form")?form("form"):"").then(()=>after[to]&&show(after[to]));show("login")'),
		default => null,
	};
}

function prestashop(string $path, bool $post): void
{
	$step = $_COOKIE['step'] ?? '0';
	if ($post && $path === '/index.php' && ($_GET['controller'] ?? '') === 'order') {
		setcookie('step', (string)($step + 1));
		go('/index.php?controller=order');
	}
	match (true) {
		$path === '/index.php' && ($_GET['controller'] ?? '') === 'new-products' => page('<article class="product-miniature js-product-miniature"><a href="/1-tea.html" class="thumbnail product-thumbnail">tea</a></article>'),
		$path === '/1-tea.html' => page('<form id="add-to-cart-or-refresh"><button class="btn btn-primary add-to-cart" data-button-action="add-to-cart" type="submit">cart</button></form>',
			SEND . '$("form").onsubmit=(e)=>{e.preventDefault();send("/index.php?controller=cart","add=1")}'),
		$step === '0' => page('<section id="checkout-personal-information-step"><form id="customer-form" method="post" class="js-customer-form">' . inputs(['firstname', 'lastname', 'email']) .
			'<button class="continue btn btn-primary" name="continue" data-link-action="register-new-customer" type="submit" value="1">Continue</button></form></section>'),
		$step === '1' => page('<form method="post">' . inputs(['address1', 'postcode', 'city', 'phone']) . '<button type="submit" class="continue btn btn-primary" name="confirm-addresses" value="1">Continue</button></form>'),
		$step === '2' => page('<form id="js-delivery" method="post"><input type="radio" name="delivery_option[1]" value="1" checked><button type="submit" class="continue btn btn-primary" ' .
			'name="confirmDeliveryOption" value="1">Continue</button></form>'),
		default => page('<div class="payment-options"><input class="ps-shown-by-js" id="payment-option-1" name="payment-option" type="radio"></div><div id="pay-with-payment-option-1-form" hidden>' .
			'<form method="post" action="/module/cards/validation"><input name="card_number"><input name="card_expiry"><input name="card_cvc"></form></div><form id="conditions-to-approve">' .
			'<input id="conditions_to_approve[terms-and-conditions]" name="conditions_to_approve[terms-and-conditions]" type="checkbox" value="1"></form><div id="payment-confirmation">' .
			'<button type="submit" class="btn btn-primary center-block">Place order</button></div>', SEND . '$("#payment-option-1").onclick=()=>{$("#pay-with-payment-option-1-form").hidden=false};' .
			'$("#payment-confirmation button").onclick=()=>{if($("[type=checkbox]").checked)$("#pay-with-payment-option-1-form form").submit()}'),
	};
}

function opencart(string $path, bool $post): void
{
	$modal = fn ($what) => "<form id=\"form-$what-method\"><input type=\"radio\" name=\"{$what}_method\" checked><button type=\"submit\" id=\"button-$what-method\">Continue</button></form>";
	$card = '<form id="form-credit-card"><input name="card_name" id="input-card-name"><input name="card_number" id="input-card-number" maxlength="22">' . months('name="card_expire_month"') .
		years('name="card_expire_year"') . '<input name="card_cvv" maxlength="3"><button type="submit" id="button-confirm">Confirm</button></form>';
	match (true) {
		($_GET['route'] ?? '') === 'product/product' => page('<form id="form-product"><button type="submit" id="button-cart">cart</button></form>',
			SEND . '$("form").onsubmit=(e)=>{e.preventDefault();send("/index.php?route=checkout/cart.add","product_id=1")}'),
		($_GET['route'] ?? '') === 'checkout/checkout' => page('<form id="form-register"><input type="radio" name="account" value="1" id="input-register" checked>' .
			'<input type="radio" name="account" value="0" id="input-guest">' . inputs(['firstname', 'lastname', 'email', 'payment_address_1', 'payment_city', 'payment_postcode']) .
			'<button type="submit" id="button-register">Continue</button></form><button type="button" id="button-shipping-methods">Choose</button><button type="button" ' .
			'id="button-payment-methods">Choose</button><div id="modal"></div><div id="checkout-confirm"></div>', SEND . 'const modal=(what,html,then)=>{$("#button-"+what+"-methods").onclick=' .
			'()=>send("/index.php?route=checkout/"+what+"_method.getMethods").then(()=>{$("#modal").innerHTML=html;$("#modal form").onsubmit=(e)=>{e.preventDefault();' .
			'send("/index.php?route=checkout/"+what+"_method.save").then(()=>{$("#modal").innerHTML="";then()})}})};modal("shipping",' . json_encode($modal('shipping')) . ',()=>0);modal("payment",' .
			json_encode($modal('payment')) . ',()=>{$("#checkout-confirm").innerHTML=' . json_encode($card) . ';$("#form-credit-card").onsubmit=(e)=>{e.preventDefault();' .
			'send("/index.php?route=extension/opencart/payment/credit_card.confirm&language=ja",form("#form-credit-card"))}});$("#form-register").onsubmit=(e)=>{e.preventDefault();' .
			'send("/index.php?route=checkout/register.save",form("#form-register"))}'),
		$path === '/' => page('<div class="product-thumb"><div class="image"><a href="/index.php?route=product/product&amp;product_id=1">tea</a></div></div>'),
		default => null,
	};
}

$fn = str_replace('-', '_', $kind);
$fn($path, $post);
page('');
