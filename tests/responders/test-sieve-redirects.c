/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is taken out of a Sieve script, and that nothing else is. */
#include "config.h"

#include <string.h>

#include "responders/ac-sieve-address.h"
#include "responders/ac-sieve-redirects.h"

static const char *const domains[] = { "example.test", "*.example.test", "xn--bcher-kva.test",
                                       NULL };

static AcSieveRedirects *
redirects_of (const char *script)
{
  g_autoptr (GError) error = NULL;
  AcSieveRedirects *redirects = ac_sieve_redirects_new (script, strlen (script), domains, &error);

  g_assert_no_error (error);
  return redirects;
}

static void
test_scripts (void)
{
  static const struct
  {
    const char *script;
    const char *left;
    const char *removed; /* in words */
  } cases[] = {
    /* Whole lines go, and parts of lines. */
    { "redirect \"a@evil.test\";\r\n", "", "“a@evil.test”" },
    { "keep;\r\n  redirect \"a@evil.test\";  \r\nstop;\r\n", "keep;\r\nstop;\r\n",
      "“a@evil.test”" },
    { "keep;\nredirect \"a@evil.test\";", "keep;\n", "“a@evil.test”" },
    { "keep; redirect \"a@evil.test\"; stop;", "keep;  stop;", "“a@evil.test”" },
    { "redirect \"a@evil.test\"; # note\n", " # note\n", "“a@evil.test”" },
    { "/* a */ redirect\n \"a@evil.test\"\n; /* b */", "/* a */  /* b */", "“a@evil.test”" },
    { "redirect \"a@evil.test\";redirect \"b@evil.test\";redirect \"a@evil.test\";", "",
      "“a@evil.test” and “b@evil.test”" },
    { "REDIRECT \"a@evil.test\" ;", "", "“a@evil.test”" },
    { "redirect text:\na@evil.test\n.\n;\nkeep;", "keep;", "“a@evil.test”" },
    { "redirect \"\\a@evil\\.test\";", "", "“a@evil.test”" },
    /* Tags (RFC 3894, RFC 6009, RFC 6134). */
    { "require \"copy\";\nredirect :copy \"a@evil.test\";\n", "require \"copy\";\n",
      "“a@evil.test”" },
    { "redirect :notify \"x@example.test\" :ret \"HDRS\" :bytimerelative 5 \"a@evil.test\";", "",
      "“a@evil.test”" },
    { "redirect :list \":addrbook:example.test\";", "",
      "the list “:addrbook:example.test” (its addresses are not known here)" },
    { "redirect :list \"tag:me@example.test\";", "",
      "the list “tag:me@example.test” (its addresses are not known here)" },
    { "redirect :new \"a@evil.test\" \"a@example.test\";", "",
      "an address that could not be read (“redirect :new \"a@evil.test\" \"a@example.test\";”)" },
    { "redirect \"a@evil.test\" :notify \"a@example.test\";", "", "“a@evil.test”" },
    /* Variables (RFC 5229) and encoded characters. */
    { "set \"x\" \"evil\"; redirect \"a@${x}.test\";", "set \"x\" \"evil\"; ",
      "“a@${x}.test” (known only when the script runs, so taken for an address outside)" },
    { "redirect \"${x}@example.test\";", "",
      "“${x}@example.test” (known only when the script runs, so taken for an address outside)" },
    /* Strings and comments are no commands. */
    { "# redirect \"a@evil.test\";\n", "# redirect \"a@evil.test\";\n", "" },
    { "/* redirect \"a@evil.test\"; */", "/* redirect \"a@evil.test\"; */", "" },
    { "vacation \"redirect \\\"a@evil.test\\\";\";", "vacation \"redirect \\\"a@evil.test\\\";\";",
      "" },
    { "vacation text:\nredirect \"a@evil.test\";\n.\n;",
      "vacation text:\nredirect \"a@evil.test\";\n.\n;", "" },
    { "set \"redirect\" \"a@evil.test\";", "set \"redirect\" \"a@evil.test\";", "" },
    /* Blocks. */
    { "if true { redirect \"a@evil.test\"; }", "if true {  }", "“a@evil.test”" },
    { "if true {\n\tredirect \"a@evil.test\";\n}\nelse\n{\n\tkeep;\n}\n",
      "if true {\n}\nelse\n{\n\tkeep;\n}\n", "“a@evil.test”" },
    { "if true { if false { redirect \"a@evil.test\"; } elsif true { redirect \"b@evil.test\"; } "
      "else { redirect \"c@example.test\"; } }",
      "if true { if false {  } elsif true {  } else { redirect \"c@example.test\"; } }",
      "“a@evil.test” and “b@evil.test”" },
    { "foreverypart { redirect \"a@evil.test\"; }", "foreverypart {  }", "“a@evil.test”" },
    /* The organisation's own addresses stay. */
    { "redirect \"a@example.test\";", "redirect \"a@example.test\";", "" },
    { "redirect :copy \"A.B@Example.TEST\";", "redirect :copy \"A.B@Example.TEST\";", "" },
    { "redirect \" Some Body <a@sub.example.test> \";",
      "redirect \" Some Body <a@sub.example.test> \";", "" },
    { "redirect \"a@b\xc3\xbc"
      "cher.test\";",
      "redirect \"a@b\xc3\xbc"
      "cher.test\";",
      "" },
    /* Where the message would be lost, it is kept. */
    { "redirect \"a@evil.test\"; discard;", "keep; discard;", "“a@evil.test”" },
    { "discard;\nredirect \"a@evil.test\";\n", "discard;\nkeep;\n", "“a@evil.test”" },
    { "redirect :copy \"a@evil.test\";\ndiscard;\n", "keep;\ndiscard;\n", "“a@evil.test”" },
    { "if true { redirect \"a@evil.test\"; }\ndiscard;", "if true { keep; }\ndiscard;",
      "“a@evil.test”" },
    { "redirect \"a@evil.test\"; if true { if true { discard; } }",
      "keep; if true { if true { discard; } }", "“a@evil.test”" },
    { "redirect \"a@evil.test\"; include \"other\";", "keep; include \"other\";", "“a@evil.test”" },
    { "redirect \"a@evil.test\"; pipe \"program\";", "keep; pipe \"program\";", "“a@evil.test”" },
    { "redirect \"a@evil.test\"; somethingnew;", "keep; somethingnew;", "“a@evil.test”" },
    { "foreverypart { if true { redirect \"a@evil.test\"; } else { discard; } }",
      "foreverypart { if true { keep; } else { discard; } }", "“a@evil.test”" },
    { "if true { redirect \"a@evil.test\"; if true { stop; } } discard;",
      "if true { keep; if true { stop; } } discard;", "“a@evil.test”" },
    { "if true { redirect \"a@evil.test\"; } if false { discard; }",
      "if true { keep; } if false { discard; }", "“a@evil.test”" },
    /* Where it would not, it is not. */
    { "redirect \"a@evil.test\"; fileinto \"x\"; stop;", " fileinto \"x\"; stop;",
      "“a@evil.test”" },
    { "if true { redirect \"a@evil.test\"; } else { discard; }", "if true {  } else { discard; }",
      "“a@evil.test”" },
    { "if true { discard; } elsif true { keep; } else { if true { redirect \"a@evil.test\"; } }",
      "if true { discard; } elsif true { keep; } else { if true {  } }", "“a@evil.test”" },
    { "redirect \"a@evil.test\"; stop; discard;", " stop; discard;", "“a@evil.test”" },
    { "if true { redirect \"a@evil.test\"; stop; } discard;", "if true {  stop; } discard;",
      "“a@evil.test”" },
    { "if true { discard; stop; } redirect \"a@evil.test\";", "if true { discard; stop; } ",
      "“a@evil.test”" },
    { "if true { if true { discard; } return; } redirect \"a@evil.test\";",
      "if true { if true { discard; } return; } ", "“a@evil.test”" },
    { "redirect \"a@evil.test\"; reject \"no\";", " reject \"no\";", "“a@evil.test”" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (AcSieveRedirects) redirects = redirects_of (cases[i].script);
      g_autoptr (AcSieveRedirects) again = redirects_of (redirects->text);
      g_autofree char *removed = ac_sieve_redirects_list (redirects);

      g_assert_cmpstr (redirects->text, ==, cases[i].left);
      g_assert_cmpuint (redirects->length, ==, strlen (cases[i].left));
      g_assert_cmpstr (removed, ==, cases[i].removed);
      g_assert_cmpuint (again->removed->len, ==, 0);
      g_assert_cmpstr (again->text, ==, redirects->text);
    }
}

static void
test_what_else_is_said (void)
{
  g_autoptr (AcSieveRedirects) redirects = redirects_of (
      "include :personal :once \"mine\"; include \"mine\"; include :global \"mine\";\n"
      "redirect \"x@example.test\";\r\nif true {\n discard; redirect \"a\xff@evil.test\"; }");
  const AcSieveInclude *include;
  const AcSieveTarget *target;

  g_assert_cmpuint (redirects->includes->len, ==, 2);
  include = redirects->includes->pdata[0];
  g_assert_cmpstr (include->name, ==, "mine");
  g_assert_false (include->is_global);
  include = redirects->includes->pdata[1];
  g_assert_true (include->is_global);
  g_assert_cmpuint (redirects->inside->len, ==, 1);
  g_assert_cmpstr (redirects->inside->pdata[0], ==, "x@example.test");
  g_assert_cmpuint (redirects->removed->len, ==, 1);
  target = redirects->removed->pdata[0];
  g_assert_cmpint (target->kind, ==, AC_SIEVE_TARGET_ADDRESS);
  g_assert_cmpstr (target->text, ==, "a\xef\xbf\xbd@evil.test");
  g_assert_cmpuint (target->line, ==, 4);
  g_assert_true (target->keeps);
}

static void
test_no_script (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (ac_sieve_redirects_new ("redirect \"a@evil.test\"", 22, domains, &error));
  g_assert_error (error, AC_SIEVE_SCRIPT_ERROR, AC_SIEVE_SCRIPT_ERROR_SYNTAX);
}

static void
test_addresses (void)
{
  static const char *const inside[] = {
    "a@example.test",
    "A@EXAMPLE.test.",
    " a@example.test\r\n",
    "<a@example.test>",
    "Some Body <a@example.test>",
    "a+b=c.d@a.b.example.test",
    "\"Body, Some (Ltd.)\" <a@example.test>",
    "\"\" <a@example.test>",
    "a@xn--bcher-kva.test",
    "a@B\xc3\x9c"
    "CHER.test",
    "\xc3\xa4@example.test",
  };
  static const char *const outside[] = {
    "",
    "a",
    "@example.test",
    "a@",
    "a@evil.test",
    "a@notexample.test",
    "a@example.test.evil.test",
    "a@sub.xn--bcher-kva.test",
    "a@.example.test",
    "a@b..example.test",
    "a@evil.test@example.test",
    "\"a@evil.test\"@example.test",
    "a@evil.test (a@example.test)",
    "a@evil.test(@example.test",
    "<a@evil.test> a@example.test",
    "a@example.test <a@evil.test>",
    "\"b <a@example.test>\" <a@evil.test>",
    "b, c <a@example.test>",
    "\"b@evil.test\" <a@example.test>",
    "\"b\\\" <a@example.test>",
    "\" <a@example.test>",
    "b: <a@example.test>;",
    "<a@example.test> <a@example.test>",
    "a@evil.test,b@example.test",
    "a b@example.test",
    "@evil.test:a@example.test",
    "a%evil.test@",
    "a@example.test\r\nb",
    "a@[127.0.0.1]",
    "a\xff@\xff.example.test",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (inside); i++)
    if (!ac_sieve_address_is_inside (inside[i], domains))
      g_error ("“%s” is not inside", inside[i]);
  for (gsize i = 0; i < G_N_ELEMENTS (outside); i++)
    if (ac_sieve_address_is_inside (outside[i], domains))
      g_error ("“%s” is inside", outside[i]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/responders/sieve-redirects/scripts", test_scripts);
  g_test_add_func ("/responders/sieve-redirects/what-else-is-said", test_what_else_is_said);
  g_test_add_func ("/responders/sieve-redirects/no-script", test_no_script);
  g_test_add_func ("/responders/sieve-redirects/addresses", test_addresses);
  return g_test_run ();
}
