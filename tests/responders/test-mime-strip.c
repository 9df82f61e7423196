/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Messages with attachments: what is taken out leaves every other header and part what it was, byte
 * for byte, in random messages too. The seed is GLib's, printed with each run. */
#include "config.h"

#include <string.h>

#include "../scaled.h"
#include "responders/ac-mime-parts.h"
#include "responders/ac-mime-strip.h"

#define N_MESSAGES 400
#define MAX_DEPTH 4

#define HEAD                                                                                       \
  "From: x@evil.test\r\nSubject: =?utf-8?q?caf=C3=A9?=\r\n  folded\r\nMIME-Version: 1.0\r\n"
#define MIXED HEAD "Content-Type: multipart/mixed; boundary=\"b1\"\r\n\r\npreamble\r\n"
#define TEXT "--b1\r\nContent-Type: text/plain\r\n\r\nhello\r\n"
#define PDF                                                                                        \
  "--b1\r\nContent-Type: application/pdf; name=\"a.pdf\"\r\nContent-Transfer-Encoding: base64\r\n" \
  "Content-Disposition: attachment; filename=\"a.pdf\"\r\n\r\n" PDF_BODY "\r\n"
#define PDF_BODY "JVBERi0x\r\nLjQ="
#define PDF_TEXT "%PDF-1.4"
#define END "--b1--\r\nepilogue\r\n"

static AcMimeStandIn *
strip (const char *text, const AcMimeWanted *wanted, GError **error)
{
  g_autoptr (GBytes) message = g_bytes_new (text, strlen (text));

  return ac_mime_strip (message, wanted, "action-1", error);
}

/* The stand-in begins and ends as the message does; returns what stands between. */
static char *
check_around (const AcMimeStandIn *stand_in, const char *before, const char *after)
{
  gsize length;
  const char *data = g_bytes_get_data (stand_in->message, &length);

  g_assert_cmpuint (length, >=, strlen (before) + strlen (after));
  g_assert_cmpmem (data, strlen (before), before, strlen (before));
  g_assert_cmpmem (data + length - strlen (after), strlen (after), after, strlen (after));
  return g_strndup (data + strlen (before), length - strlen (before) - strlen (after));
}

/* The decoded notice of a stand-in that has one. */
static char *
read_notice (const AcMimeStandIn *stand_in)
{
  gsize length;
  const char *data = g_bytes_get_data (stand_in->message, &length);
  g_autofree char *text = g_strndup (data, length);
  const char *from = strstr (text, "Content-Disposition: inline\r\n\r\n");
  const char *to;
  g_autofree char *encoded = NULL;
  g_autofree guchar *decoded = NULL;
  gsize n;

  g_assert_nonnull (from);
  from += strlen ("Content-Disposition: inline\r\n\r\n");
  to = strstr (from, "\r\n--");
  encoded = to != NULL ? g_strndup (from, (gsize)(to - from)) : g_strdup (from);
  decoded = g_base64_decode (encoded, &n);
  return g_strndup ((const char *)decoded, n);
}

static void
assert_refused (const char *text, const AcMimeWanted *wanted, AcMimeError code, const char *words)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AcMimeStandIn) stand_in = strip (text, wanted, &error);

  g_assert_null (stand_in);
  g_assert_error (error, AC_MIME_ERROR, (int)code);
  g_assert_nonnull (strstr (error->message, words));
}

static char *
digest_of (const char *text)
{
  return g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, -1);
}

static void
test_by_content (void)
{
  g_autofree char *sha256 = digest_of (PDF_TEXT);
  const AcMimeWanted wanted = { .file_name = "other.pdf", .sha256 = sha256 };
  g_autoptr (GError) error = NULL;
  g_autoptr (AcMimeStandIn) stand_in = strip (MIXED TEXT PDF TEXT END, &wanted, &error);
  g_autofree char *part = NULL;
  g_autofree char *notice = NULL;

  g_assert_no_error (error);
  g_assert_cmpuint (stand_in->n_taken, ==, 1);
  g_assert_false (stand_in->breaks_signature);
  part = check_around (stand_in, MIXED TEXT "--b1\r\n", "\r\n" TEXT END);
  g_assert_true (g_str_has_prefix (part, "Content-Type: text/plain; charset=utf-8\r\n"));
  notice = read_notice (stand_in);
  g_assert_nonnull (strstr (notice, "The attachment “a.pdf” was taken out"));
  g_assert_nonnull (strstr (notice, sha256));
  g_assert_nonnull (strstr (notice, "Reference: action-1\r\n"));
  g_assert_null (strstr (notice, "signature"));
}

static void
test_by_name (void)
{
  const AcMimeWanted wanted = { .file_name = "a.pdf" };
  g_autoptr (GError) error = NULL;
  g_autoptr (AcMimeStandIn) stand_in = strip (MIXED PDF TEXT END, &wanted, &error);
  g_autofree char *part = NULL;

  g_assert_no_error (error);
  part = check_around (stand_in, MIXED "--b1\r\n", "\r\n" TEXT END);
  g_assert_nonnull (part);
}

static void
test_by_path (void)
{
  const AcMimeWanted second = { .file_name = "a.pdf", .part_path = "3" };
  const AcMimeWanted none = { .file_name = "a.pdf", .part_path = "2" };
  g_autoptr (GError) error = NULL;
  g_autoptr (AcMimeStandIn) stand_in = strip (MIXED PDF TEXT PDF END, &second, &error);
  g_autofree char *part = NULL;

  g_assert_no_error (error);
  g_assert_cmpuint (stand_in->n_taken, ==, 1);
  part = check_around (stand_in, MIXED PDF TEXT "--b1\r\n", "\r\n" END);
  g_assert_nonnull (part);
  assert_refused (MIXED PDF TEXT END, &none, AC_MIME_ERROR_NO_SUCH_PART, "no attachment “a.pdf”");
}

static void
test_more_than_once (void)
{
  g_autofree char *sha256 = digest_of (PDF_TEXT);
  const AcMimeWanted wanted = { .file_name = "a.pdf", .sha256 = sha256 };
  g_autoptr (GError) error = NULL;
  g_autoptr (AcMimeStandIn) stand_in = strip (MIXED PDF TEXT PDF END, &wanted, &error);
  g_autofree char *part = NULL;

  g_assert_no_error (error);
  g_assert_cmpuint (stand_in->n_taken, ==, 2);
  part = check_around (stand_in, MIXED "--b1\r\n", "\r\n" END);
  g_assert_nonnull (strstr (part, "\r\n" TEXT));
  g_assert_null (strstr (part, PDF_BODY));
}

static void
test_same_name_other_content (void)
{
  g_autofree char *sha256 = digest_of ("something else");
  const AcMimeWanted wanted = { .file_name = "a.pdf", .sha256 = sha256 };

  assert_refused (MIXED PDF END, &wanted, AC_MIME_ERROR_OTHER_CONTENT,
                  "its content is not the one that the action names");
}

/* The attachment is all that the message has: its header stays but for what says what the content
 * is. */
static void
test_message_that_is_the_attachment (void)
{
  const AcMimeWanted wanted = { .file_name = "a.pdf" };
  g_autoptr (GError) error = NULL;
  g_autoptr (AcMimeStandIn) stand_in = strip (
      "Received: by x\r\n\tfor y\r\nContent-Type: application/pdf;\r\n name=a.pdf\r\n"
      "Subject: s\r\ncontent-transfer-encoding: base64\r\nTo: y@x.test\r\n\r\n" PDF_BODY "\r\n",
      &wanted, &error);
  g_autofree char *rest = NULL;

  g_assert_no_error (error);
  rest = check_around (stand_in,
                       "Received: by x\r\n\tfor y\r\nSubject: s\r\nTo: y@x.test\r\n"
                       "Content-Type: text/plain; charset=utf-8\r\n",
                       "");
  g_assert_null (strstr (rest, "pdf;"));
}

static void
test_inside_a_forwarded_message (void)
{
  static const char before[] =
      HEAD "Content-Type: multipart/mixed; boundary=outer\r\n\r\n--outer\r\n\r\nsee below\r\n"
           "--outer\r\nContent-Type: message/rfc822\r\n\r\n" MIXED TEXT "--b1\r\n";
  const AcMimeWanted wanted = { .file_name = "a.pdf", .part_path = "2.2" };
  g_autofree char *text =
      g_strconcat (before, PDF + strlen ("--b1\r\n"), END "\r\n--outer--\r\n", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (AcMimeStandIn) stand_in = strip (text, &wanted, &error);
  g_autofree char *part = NULL;

  g_assert_no_error (error);
  part = check_around (stand_in, before, "\r\n" END "\r\n--outer--\r\n");
  g_assert_nonnull (part);
}

static void
test_a_forwarded_message_as_a_whole (void)
{
  static const char inner[] = MIXED TEXT PDF END;
  static const char before[] = HEAD "Content-Type: multipart/mixed; "
                                    "boundary=outer\r\n\r\n--outer\r\n\r\nsee below\r\n--outer\r\n";
  g_autofree char *sha256 = digest_of (inner);
  const AcMimeWanted wanted = { .file_name = "mail.eml", .sha256 = sha256 };
  g_autofree char *text =
      g_strconcat (before, "Content-Type: message/rfc822; name=mail.eml\r\n\r\n", inner,
                   "\r\n--outer--\r\n", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (AcMimeStandIn) stand_in = strip (text, &wanted, &error);
  g_autofree char *part = NULL;

  g_assert_no_error (error);
  part = check_around (stand_in, before, "\r\n--outer--\r\n");
  g_assert_null (strstr (part, "b1"));
}

static void
test_inline_image (void)
{
  static const char before[] = HEAD
      "Content-Type: multipart/related; boundary=r\r\n\r\n--r\r\nContent-Type: text/html\r\n\r\n"
      "<img src=\"cid:one\">\r\n--r\r\n";
  g_autofree char *text = g_strconcat (
      before,
      "Content-Type: image/png; name=\"=?utf-8?q?p=C3=A4.png?=\"\r\nContent-ID: <one>\r\n"
      "Content-Disposition: inline\r\n\r\nPNG\r\n--r--\r\n",
      NULL);
  const AcMimeWanted wanted = { .file_name = "pä.png" };
  g_autoptr (GError) error = NULL;
  g_autoptr (AcMimeStandIn) stand_in = strip (text, &wanted, &error);
  g_autofree char *part = NULL;

  g_assert_no_error (error);
  part = check_around (stand_in, before, "\r\n--r--\r\n");
  g_assert_null (strstr (part, "Content-ID"));
}

static void
test_signed (void)
{
  static const char before[] = HEAD
      "Content-Type: multipart/signed; protocol=\"application/pgp-signature\"; boundary=s\r\n\r\n"
      "--s\r\nContent-Type: multipart/mixed; boundary=b1\r\n\r\n" TEXT "--b1\r\n";
  static const char after[] =
      "\r\n--b1--\r\n\r\n--s\r\nContent-Type: application/pgp-signature\r\n\r\n"
      "-----BEGIN PGP SIGNATURE-----\r\n--s--\r\n";
  g_autofree char *text =
      g_strconcat (before, "Content-Type: application/pdf; name=a.pdf\r\n\r\nPDF", after, NULL);
  const AcMimeWanted wanted = { .file_name = "a.pdf" };
  g_autoptr (GError) error = NULL;
  g_autoptr (AcMimeStandIn) stand_in = strip (text, &wanted, &error);
  g_autofree char *part = NULL;
  g_autofree char *notice = NULL;

  g_assert_no_error (error);
  g_assert_true (stand_in->breaks_signature);
  part = check_around (stand_in, before, after);
  notice = read_notice (stand_in);
  g_assert_nonnull (strstr (notice, "its signature cannot be verified"));
}

static void
test_what_cannot_be_seen (void)
{
  const AcMimeWanted wanted = { .file_name = "a.pdf" };
  const AcMimeWanted container = { .file_name = "smime.p7m" };

  assert_refused (HEAD "Content-Type: multipart/encrypted; protocol=\"application/pgp-encrypted\"; "
                       "boundary=e\r\n\r\n--e\r\nContent-Type: application/pgp-encrypted\r\n\r\n"
                       "Version: 1\r\n--e\r\nContent-Type: application/octet-stream\r\n\r\nx\r\n"
                       "--e--\r\n",
                  &wanted, AC_MIME_ERROR_ENCRYPTED, "encrypted");
  assert_refused (HEAD "Content-Type: application/pkcs7-mime; smime-type=enveloped-data; "
                       "name=smime.p7m\r\n\r\nAAAA\r\n",
                  &container, AC_MIME_ERROR_ENCRYPTED, "Quarantine the whole email");
  assert_refused (HEAD "Content-Type: application/pkcs7-mime; smime-type=signed-data; "
                       "name=smime.p7m\r\n\r\nAAAA\r\n",
                  &wanted, AC_MIME_ERROR_WRAPPED, "S/MIME signature");
  assert_refused (MIXED TEXT
                  "--b1\r\nContent-Type: application/ms-tnef; name=winmail.dat\r\n\r\nx\r\n" END,
                  &wanted, AC_MIME_ERROR_WRAPPED, "winmail.dat");
}

static void
test_tnef_itself (void)
{
  const AcMimeWanted wanted = { .file_name = "winmail.dat" };
  g_autoptr (GError) error = NULL;
  g_autoptr (AcMimeStandIn) stand_in = strip (
      MIXED TEXT "--b1\r\nContent-Type: application/ms-tnef; name=winmail.dat\r\n\r\nx\r\n" END,
      &wanted, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (stand_in->n_taken, ==, 1);
}

/* A content that cannot be decoded has the SHA-256 of what could be; its name finds it. */
static void
test_undecodable (void)
{
  const AcMimeWanted wanted = { .file_name = "a.bin" };
  g_autoptr (GError) error = NULL;
  g_autoptr (AcMimeStandIn) stand_in =
      strip (MIXED "--b1\r\nContent-Type: application/octet-stream; name=a.bin\r\n"
                   "Content-Transfer-Encoding: x-unheard-of\r\n\r\n\xff\xfe!!\r\n" TEXT END,
             &wanted, &error);
  g_autofree char *part = NULL;

  g_assert_no_error (error);
  part = check_around (stand_in, MIXED "--b1\r\n", "\r\n" TEXT END);
  g_assert_nonnull (part);
}

static void
test_a_name_that_would_break_out (void)
{
  const AcMimeWanted wanted = { .file_name = "a\r\n--b1--\r\n.pdf" };
  g_autoptr (GError) error = NULL;
  g_autoptr (AcMimeStandIn) stand_in =
      strip (MIXED "--b1\r\nContent-Type: application/pdf; "
                   "name*=utf-8''a%0D%0A--b1--%0D%0A.pdf\r\n\r\nx\r\n" TEXT END,
             &wanted, &error);
  g_autofree char *part = NULL;

  g_assert_no_error (error);
  part = check_around (stand_in, MIXED "--b1\r\n", "\r\n" TEXT END);
  g_assert_null (strstr (part, "--b1"));
}

static void
test_without_line_breaks_of_mail (void)
{
  const AcMimeWanted wanted = { .file_name = "a.pdf" };
  g_autoptr (GError) error = NULL;
  g_autoptr (AcMimeStandIn) stand_in =
      strip ("Subject: s\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nhi\n--b\n"
             "Content-Type: application/pdf; name=a.pdf\n\nPDF\n--b--\n",
             &wanted, &error);
  g_autofree char *part = NULL;

  g_assert_no_error (error);
  part =
      check_around (stand_in,
                    "Subject: s\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nhi\n--b\n"
                    "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n",
                    "\n--b--\n");
  g_assert_null (strchr (part, '\r'));
}

static void
test_parts_without_an_end (void)
{
  const AcMimeWanted wanted = { .file_name = "a.pdf" };
  g_autoptr (GError) error = NULL;
  g_autoptr (AcMimeStandIn) stand_in = strip (MIXED TEXT PDF, &wanted, &error);
  g_autofree char *rest = NULL;

  g_assert_no_error (error);
  rest = check_around (stand_in, MIXED TEXT "--b1\r\n", "");
  g_assert_null (strstr (rest, PDF_BODY));
}

/* --- random messages --- */

typedef struct
{
  gsize from; /* after the boundary line */
  gsize to;   /* before the line break that belongs to the next one */
  char *path;
  char *sha256;
} Leaf;

typedef struct
{
  GString *text;
  GPtrArray *leaves; /* of Leaf */
  guint n_boundaries;
} Maker;

static void
leaf_free (Leaf *leaf)
{
  g_free (leaf->path);
  g_free (leaf->sha256);
  g_free (leaf);
}

static char *
random_content (Maker *maker, gsize *length)
{
  GString *content = g_string_new (NULL);

  /* Each content is another, so that its SHA-256 means one part. */
  g_string_append_printf (content, "part %u\r\n", maker->leaves->len);
  for (int i = g_test_rand_int_range (0, 200); i > 0; i--)
    g_string_append_c (content, (char)g_test_rand_int_range (0, 256));
  *length = content->len;
  return g_string_free (content, FALSE);
}

static void
add_leaf (Maker *maker, const char *path)
{
  Leaf *leaf = g_new0 (Leaf, 1);
  gsize length;
  g_autofree char *content = random_content (maker, &length);
  g_autofree char *encoded = g_base64_encode ((const guchar *)content, length);

  leaf->from = maker->text->len;
  leaf->path = g_strdup (path);
  leaf->sha256 = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *)content, length);
  if (g_test_rand_bit ())
    g_string_append (maker->text, "X-Odd:  kept \r\n");
  g_string_append_printf (maker->text,
                          "Content-Type: application/x-%d\r\nContent-Transfer-Encoding: base64\r\n",
                          g_test_rand_int_range (0, 9));
  if (g_test_rand_bit ())
    g_string_append (maker->text, "Content-Disposition: attachment;\r\n filename=x\r\n");
  g_string_append (maker->text, "\r\n");
  for (gsize at = 0; at < strlen (encoded); at += 60)
    g_string_append_printf (maker->text, "%s%.60s", at > 0 ? "\r\n" : "", encoded + at);
  leaf->to = maker->text->len;
  g_ptr_array_add (maker->leaves, leaf);
}

static void add_entity (Maker *maker, const char *path, guint depth, gboolean is_body);

static void
add_multipart (Maker *maker, const char *path, guint depth)
{
  static const char *const kinds[] = { "mixed", "alternative", "related", "signed", "x-other" };
  guint boundary = maker->n_boundaries++;
  int n = g_test_rand_int_range (1, 4);

  g_string_append_printf (maker->text, "Content-Type: multipart/%s; boundary=\"=_%u\"\r\n\r\n",
                          kinds[g_test_rand_int_range (0, G_N_ELEMENTS (kinds))], boundary);
  if (g_test_rand_bit ())
    g_string_append (maker->text, "preamble\r\n");
  for (int i = 0; i < n; i++)
    {
      g_autofree char *child = g_strdup_printf ("%s%s%d", path, *path != '\0' ? "." : "", i + 1);

      g_string_append_printf (maker->text, "--=_%u%s\r\n", boundary, g_test_rand_bit () ? "" : " ");
      add_entity (maker, child, depth + 1, FALSE);
      g_string_append (maker->text, "\r\n");
    }
  g_string_append_printf (maker->text, "--=_%u--\r\n%s", boundary,
                          g_test_rand_bit () ? "epilogue" : "");
}

static void
add_entity (Maker *maker, const char *path, guint depth, gboolean is_body)
{
  int kind = g_test_rand_int_range (0, 10);

  if (is_body || (kind < 4 && depth < MAX_DEPTH))
    add_multipart (maker, path, depth);
  else if (kind == 4 && depth < MAX_DEPTH)
    {
      g_string_append (maker->text, "Content-Type: message/rfc822\r\n\r\nSubject: inner\r\n");
      add_entity (maker, path, depth + 1, TRUE);
    }
  else
    add_leaf (maker, path);
}

static void
check_one (const Maker *maker, const Leaf *leaf)
{
  const AcMimeWanted wanted = {
    .file_name = "x",
    .sha256 = leaf->sha256,
    .part_path = g_test_rand_bit () ? leaf->path : NULL,
  };
  g_autoptr (GBytes) message = g_bytes_new (maker->text->str, maker->text->len);
  g_autoptr (GError) error = NULL;
  g_autoptr (AcMimeStandIn) stand_in = ac_mime_strip (message, &wanted, "r", &error);
  gsize after = maker->text->len - leaf->to;
  gsize length;
  const char *data;

  g_assert_no_error (error);
  data = g_bytes_get_data (stand_in->message, &length);
  g_assert_cmpuint (stand_in->n_taken, ==, 1);
  g_assert_cmpuint (length, >, leaf->from + after);
  g_assert_cmpmem (data, leaf->from, maker->text->str, leaf->from);
  g_assert_cmpmem (data + length - after, after, maker->text->str + leaf->to, after);
}

/* Two of them, one after the other: the first notice is no obstacle to the second. */
static void
test_random_messages (void)
{
  const guint n = scaled (N_MESSAGES);
  guint n_leaves = 0;

  for (guint i = 0; i < n; i++)
    {
      Maker maker = { g_string_new (HEAD),
                      g_ptr_array_new_with_free_func ((GDestroyNotify)leaf_free), 0 };

      add_entity (&maker, "", 0, TRUE);
      for (guint k = 0; k < maker.leaves->len; k++)
        check_one (&maker, maker.leaves->pdata[k]);
      n_leaves += maker.leaves->len;
      g_string_free (maker.text, TRUE);
      g_ptr_array_unref (maker.leaves);
    }
  g_assert_cmpuint (n_leaves, >, n);
}

static void
test_deep_nesting_ends (void)
{
  const AcMimeWanted wanted = { .file_name = "a.pdf" };
  g_autoptr (GString) text = g_string_new (HEAD);

  for (guint i = 0; i < 2000; i++)
    g_string_append_printf (text, "Content-Type: multipart/mixed; boundary=b%u\r\n\r\n--b%u\r\n", i,
                            i);
  assert_refused (text->str, &wanted, AC_MIME_ERROR_MALFORMED, "deeper than mail has them");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/responders/mime-strip/by-content", test_by_content);
  g_test_add_func ("/responders/mime-strip/by-name", test_by_name);
  g_test_add_func ("/responders/mime-strip/by-path", test_by_path);
  g_test_add_func ("/responders/mime-strip/more-than-once", test_more_than_once);
  g_test_add_func ("/responders/mime-strip/same-name-other-content", test_same_name_other_content);
  g_test_add_func ("/responders/mime-strip/message-that-is-the-attachment",
                   test_message_that_is_the_attachment);
  g_test_add_func ("/responders/mime-strip/inside-a-forwarded-message",
                   test_inside_a_forwarded_message);
  g_test_add_func ("/responders/mime-strip/a-forwarded-message-as-a-whole",
                   test_a_forwarded_message_as_a_whole);
  g_test_add_func ("/responders/mime-strip/inline-image", test_inline_image);
  g_test_add_func ("/responders/mime-strip/signed", test_signed);
  g_test_add_func ("/responders/mime-strip/what-cannot-be-seen", test_what_cannot_be_seen);
  g_test_add_func ("/responders/mime-strip/tnef-itself", test_tnef_itself);
  g_test_add_func ("/responders/mime-strip/undecodable", test_undecodable);
  g_test_add_func ("/responders/mime-strip/a-name-that-would-break-out",
                   test_a_name_that_would_break_out);
  g_test_add_func ("/responders/mime-strip/without-line-breaks-of-mail",
                   test_without_line_breaks_of_mail);
  g_test_add_func ("/responders/mime-strip/parts-without-an-end", test_parts_without_an_end);
  g_test_add_func ("/responders/mime-strip/random-messages", test_random_messages);
  g_test_add_func ("/responders/mime-strip/deep-nesting-ends", test_deep_nesting_ends);
  return g_test_run ();
}
