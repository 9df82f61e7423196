/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Starts action-center. */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <locale.h>
#include <string.h>

#include "window/ac-application.h"
#include "window/ac-compat.h"
#include "window/ac-warm-up.h"

/* Where no graphics device is there, OpenGL would be done in software, and drawing with cairo is
 * faster than that. GTK would start OpenGL all the same, which takes it 60 MB and as long as all
 * the rest of its start. The person's own choice stands. Broadway draws in the browser: handed
 * pictures made by cairo instead, its server of GTK 4.8 fails an assertion and ends within seconds. */
static void
choose_renderer (void)
{
  g_autoptr (GDir) devices = g_dir_open ("/dev/dri", 0, NULL);
  const char *name;

  if (g_strcmp0 (g_getenv ("GDK_BACKEND"), "broadway") == 0)
    return;
  while (devices != NULL && (name = g_dir_read_name (devices)) != NULL)
    if (g_str_has_prefix (name, "renderD") || g_str_has_prefix (name, "card"))
      return;
  g_setenv ("GSK_RENDERER", "cairo", FALSE);
  if (strcmp (g_getenv ("GSK_RENDERER"), "cairo") == 0)
    ac_compat_do_without_gl ();
}

int
main (int argc, char **argv)
{
  /* For running from the build folder. */
  const char *locale_dir = g_getenv ("ACTION_CENTER_LOCALE_DIR");
  g_autoptr (AcApplication) application = NULL;

  ac_warm_up_keep_memory ();
  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, locale_dir != NULL ? locale_dir : AC_LOCALE_DIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  choose_renderer ();

  application = ac_application_new ();
  return g_application_run (G_APPLICATION (application), argc, argv);
}
