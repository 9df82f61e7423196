/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "window/ac-text-width.h"

/* In Pango's units, what GtkInscription takes a character to be wide. */
static int
get_char_units (GtkWidget *widget)
{
  PangoContext *context = gtk_widget_get_pango_context (widget);
  PangoFontMetrics *metrics = pango_context_get_metrics (context, NULL, NULL);
  int units = MAX (pango_font_metrics_get_approximate_char_width (metrics),
                   pango_font_metrics_get_approximate_digit_width (metrics));

  pango_font_metrics_unref (metrics);
  return MAX (units, 1);
}

/**
 * ac_text_width_of_chars:
 *
 * Returns: in pixels, what GtkInscription takes for @n characters in the font of @widget.
 */
int
ac_text_width_of_chars (GtkWidget *widget, guint n)
{
  return PANGO_PIXELS_CEIL ((int)n * get_char_units (widget));
}

/**
 * ac_text_width_in_chars:
 *
 * Returns: the least number of such characters that has room for @text.
 */
guint
ac_text_width_in_chars (GtkWidget *widget, const char *text)
{
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (widget, text);
  int units = get_char_units (widget);
  int width;

  pango_layout_get_size (layout, &width, NULL);
  return (guint)((width + units - 1) / units);
}
