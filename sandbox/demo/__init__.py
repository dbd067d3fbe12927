"""The demo site: the XBlock on a small stand-in for the LMS and Studio, made from the xblock-sdk's Workbench."""
